using Bitacora.Client.Draining;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Spooling;

/// <summary>
/// The way of batches that cannot go directly: a <see cref="BatchPipeline"/> with its write-ahead log on the disk (the spool), or in
/// memory. It begins with the first batch. Safe from any thread.
/// </summary>
internal sealed class SlowLane
{
    /// <summary>What may be on its way into the log at once.</summary>
    private const long MaxHandedBytes = 8L << 20;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Func<(IWalFiles Log, DeadLetters Letters)> _open;
    private readonly SlowDestination _destination;
    private readonly long _maxBytes;
    private readonly bool _dropOldest;
    private readonly TimeProvider _clock;
    private readonly SelfLog _self;

    // Guards what follows.
    private readonly Lock _gate = new();
    private BatchPipeline? _pipeline;
    private long _handed;
    private long _notTaken;
    private long _adopted;
    private long _onTheWay;
    private volatile int _noRoomFor;
    private long _written;
    private long _failedAt;
    private bool _isStopped;

    /// <param name="open">Opens its files; called when the first batch comes, and again where that failed.</param>
    /// <param name="destination">Where batches go.</param>
    /// <param name="maxBytes">The most bytes of the log.</param>
    /// <param name="dropOldest">Whether the oldest give way when that is reached; otherwise nothing more is taken.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="self">For the pipeline's messages.</param>
    public SlowLane(
        Func<(IWalFiles Log, DeadLetters Letters)> open,
        SlowDestination destination,
        long maxBytes,
        bool dropOldest,
        TimeProvider clock,
        SelfLog self)
    {
        (_open, _destination, _maxBytes, _dropOldest, _clock, _self) = (open, destination, maxBytes, dropOldest, clock, self);
        _destination.MustDrop = MustDrop;
    }

    public SlowDestination Destination => _destination;

    /// <summary>Whether its files could not be written when that was tried last.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Whether it has as many bytes as it may: the batch that came last found no room, and there is none yet.</summary>
    public bool IsFull => _noRoomFor > 0 && Bytes + Volatile.Read(ref _onTheWay) + _noRoomFor > _maxBytes;

    /// <summary>The bytes of its log.</summary>
    public long Bytes => _pipeline?.LogBytes ?? 0;

    /// <summary>All that was ever given to it, also what it did not take.</summary>
    public long HandedGross
    {
        get
        {
            lock (_gate)
            {
                return _handed;
            }
        }
    }

    /// <summary>All of <see cref="HandedGross"/> whose fate is known. First in, first known, as good as always.</summary>
    public long Settled
    {
        get
        {
            lock (_gate)
            {
                var live = _pipeline?.Counters.Live ?? default;
                return _notTaken + live.Stored + live.Duplicates + live.Dead + live.Dropped;
            }
        }
    }

    public SlowCounts Counts
    {
        get
        {
            lock (_gate)
            {
                // In this order: what is dropped is counted before the pipeline counts it as stored.
                var dropped = _destination.Dropped;
                var live = _pipeline?.Counters.Live ?? default;
                _written = Math.Max(_written, live.Stored - dropped.Total);
                return new SlowCounts
                {
                    Handed = _handed - _notTaken - live.Duplicates,
                    Adopted = _adopted - live.Duplicates,
                    Written = _written,
                    Dead = live.Dead,
                    Refused = live.Dropped,
                    Dropped = dropped,
                };
            }
        }
    }

    /// <summary>Gives it a batch; the task completes when that is in the log.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="isAdopted">Whether another process left it: only then may it have come before.</param>
    /// <returns>Null if it cannot take one now.</returns>
    public SlowHand? TryHand(RecordBatch batch, bool isAdopted)
    {
        if (!CanTake(batch.Bytes.Length) || Open() is not { } pipeline)
        {
            return null;
        }

        lock (_gate)
        {
            _handed += batch.Count;
            _adopted += isAdopted ? batch.Count : 0;
            _onTheWay += batch.Bytes.Length;
        }

        return new SlowHand(this, pipeline.AcceptAsync(batch, CancellationToken.None), isAdopted);
    }

    /// <summary>Looks at a task that has completed.</summary>
    /// <returns>Whether the batch is in the log.</returns>
    public bool End(SlowHand hand, RecordBatch batch)
    {
        lock (_gate)
        {
            _onTheWay -= batch.Bytes.Length;
            IsFailing = !hand.Task.IsCompletedSuccessfully;
            if (!IsFailing)
            {
                return true;
            }

            _notTaken += batch.Count;
            _adopted -= hand.IsAdopted ? batch.Count : 0;
            _failedAt = _clock.GetTimestamp();
        }

        _self.Say("spool", $"the spool cannot be written: {hand.Task.Exception?.InnerException?.Message}");
        return false;
    }

    /// <summary>
    /// Stops; what the destination does not have by the deadline stays in the log. Blocks, and needs no thread of the pool.
    /// </summary>
    public void Stop(TimeSpan patience)
    {
        BatchPipeline? pipeline;
        lock (_gate)
        {
            (_isStopped, pipeline) = (true, _pipeline);
        }

        if (pipeline is null)
        {
            return;
        }

        using var deadline = new CancellationTokenSource();
        var stopping = pipeline.StopAsync(deadline.Token);
        if (!Wait(stopping, patience))
        {
            deadline.Cancel();

            // Where the pool has no thread this does not end; everything is in the log all the same.
            Wait(stopping, TimeSpan.FromMilliseconds(250));
        }
    }

    private static bool Wait(Task task, TimeSpan patience)
    {
        try
        {
            return task.Wait(patience);
        }
        catch (AggregateException)
        {
            return true;
        }
    }

    private bool CanTake(int bytes)
    {
        lock (_gate)
        {
            if (_isStopped || (IsFailing && _clock.GetElapsedTime(_failedAt) < PauseAfterFailure))
            {
                return false;
            }

            // The log's last file stays though all of it is delivered: it alone refuses nobody.
            var isFull = Bytes + _onTheWay + bytes > _maxBytes && UndeliveredBytes + _onTheWay > 0;
            _noRoomFor = isFull ? bytes : 0;
            if (isFull && _dropOldest)
            {
                _destination.Hurry();
            }

            return !isFull && (_onTheWay == 0 || _onTheWay + bytes <= MaxHandedBytes);
        }
    }

    private BatchPipeline? Open()
    {
        lock (_gate)
        {
            if (_pipeline is not null || _isStopped)
            {
                return _pipeline;
            }

            try
            {
                var (files, letters) = _open();
                var log = new WriteAheadLog(
                    files, new WalOptions { FileBytes = FileBytes }, _clock, (message, e) => _self.Say("fsync", $"{message} {e.Message}"));
                var options = new PipelineOptions
                {
                    // The bound is kept before a batch is handed over.
                    SpillBytes = long.MaxValue,
                    GroupBytes = FileBytes,
                    MaxUndeliveredBytes = Math.Min(2L << 20, _maxBytes),
                    MaxWaitingBytes = 2 * MaxHandedBytes,
                };

                // An empty log is recovered at once: nothing is waited for.
                _pipeline = BatchPipeline.StartAsync(_destination, [], log, letters, options, _clock, _self, CancellationToken.None)
                    .GetAwaiter().GetResult();
                IsFailing = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                (IsFailing, _failedAt) = (true, _clock.GetTimestamp());
                _self.Say("spool", $"the spool cannot be opened: {e.Message}");
            }

            return _pipeline;
        }
    }

    private long FileBytes => Math.Clamp(_maxBytes / 16, 16 << 10, 8 << 20);

    private long UndeliveredBytes => _pipeline is { } pipeline ? pipeline.UndeliveredBytes + pipeline.LeftInLogBytes : 0;

    /// <summary>
    /// Asked by the destination for the oldest batch: while somebody finds no room, and what would be left when all files are gone that
    /// hold nothing more leaves none either.
    /// </summary>
    private bool MustDrop(int bytes) =>
        _dropOldest && IsFull && UndeliveredBytes > _maxBytes - (2 * (FileBytes + Math.Max(_noRoomFor, bytes)));
}
