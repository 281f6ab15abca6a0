using Bitacora.Delivery.Forwarding;
using Bitacora.Delivery.Intake;
using Bitacora.Delivery.Positions;
using Bitacora.Delivery.Writing;
using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery;

/// <summary>
/// The one way into a destination: takes batches, leaves out what came before, writes and fsyncs them in the write-ahead log, gives them
/// to the destination in order, and acknowledges. Bounded in memory: what does not fit waits in the log if it may
/// (<see cref="PipelineOptions.SpillBytes"/>), or waits to be written, then is refused.
/// </summary>
/// <remarks>
/// Safe from any thread. An acknowledged batch is durable in the write-ahead log; what more it is, <see cref="AcknowledgeWhen"/> says. A
/// batch covers every position in the ranges of its table of origins: what comes again within them is a duplicate.
/// </remarks>
public sealed class BatchPipeline : IAsyncDisposable
{
    private static readonly TimeSpan ExpiryPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DropRetry = TimeSpan.FromSeconds(10);

    /// <summary>How long a start waits for the destination to take one batch: longer than it takes to make room where it is well.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly IBatchDestination _destination;
    private readonly WriteAheadLog _log;
    private readonly PositionTable _taken;
    private readonly IntakeQueue _queue;
    private readonly Backlog _backlog;
    private readonly Acknowledgements _acknowledgements;
    private readonly ReadBack _readBack;
    private readonly Forwarder _forwarder;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly PipelineOptions _options;
    private readonly Metrics _metrics;

    // The first says that the pipeline stops, the second that there is no more time.
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stop = new();
    private long _ownPositions;
    private ITimer? _expiry;
    private Task _writing = Task.CompletedTask;
    private Task _forwarding = Task.CompletedTask;
    private Task _dropping = Task.CompletedTask;
    private int _stopped;

    private BatchPipeline(
        IBatchDestination destination,
        WriteAheadLog log,
        DeadLetters deadLetters,
        PipelineOptions options,
        TimeProvider clock,
        ILogger logger)
    {
        (_destination, _log, _options, _clock, _logger) = (destination, log, options, clock, logger);
        _taken = new PositionTable(options.MaxOrigins, options.MaxRangesPerOrigin);
        _backlog = new Backlog(options, clock);
        _acknowledgements = new Acknowledgements(options, clock);
        _queue = new IntakeQueue(
            options, clock, Counters, () => _acknowledgements.Count < options.MaxWaitingBatches && _backlog.MayWrite(log), Obstacle);
        _readBack = new ReadBack(log, _backlog, clock, Random.Shared, logger);
        _forwarder = new Forwarder(
            new Deliverer(destination, deadLetters, options.KeepFor, clock, Random.Shared, logger),
            _readBack,
            _backlog,
            _acknowledgements,
            Counters,
            options.Acknowledge,
            logger,
            _queue.RoomChanged,
            _stopping.Token,
            _stop.Token);
        _metrics = new Metrics(this);
    }

    /// <summary>What became of records.</summary>
    public DeliveryCounters Counters { get; } = new();

    /// <summary>What was found in the write-ahead log at the start.</summary>
    public WalRecovery Recovery => _log.Recovery;

    /// <summary>The origin under which this process numbers records that have none; random for each start.</summary>
    public Origin OwnOrigin { get; } = Origin.Random();

    /// <summary>Bytes of batches that wait to be written.</summary>
    public long WaitingBytes => _queue.WaitingBytes;

    /// <summary>Bytes of batches that are durable and in memory until the destination has them.</summary>
    public long UndeliveredBytes => _backlog.Bytes;

    /// <summary>Bytes of batches that wait for the destination in the write-ahead log only.</summary>
    public long LeftInLogBytes => _backlog.LeftBytes;

    /// <summary>Records that wait for the destination in the write-ahead log only.</summary>
    public long LeftInLogRecords => _backlog.LeftRecords;

    /// <summary>
    /// Why nothing new is written, since the destination did not take in time what the start found in the log; null where it did.
    /// </summary>
    public string? StartBehind => _options.SpillBytes == 0 && _backlog.IsLeaving
        ? $"the store has yet to take {LeftInLogRecords} records that the write-ahead log held at the start, and new ones wait behind them"
        : null;

    /// <summary>Losses in the write-ahead log: those of <see cref="Recovery"/>, and those that reading back came upon.</summary>
    public long LossCount => _log.Recovery.LossCount + _readBack.Losses;

    /// <summary>Bytes of the write-ahead log's files.</summary>
    public long LogBytes => _log.Bytes;

    /// <summary>The number of (sender, origin) pairs whose positions are known.</summary>
    public int KnownOrigins => _taken.Count;

    /// <summary>
    /// Opens the write-ahead log, gives what is in it to the destination, and starts. Returns when all of it was given on. Where batches
    /// may be left in the log (<see cref="PipelineOptions.SpillBytes"/>), or the destination does not take one within 30 s, the rest is
    /// looked through only and given on from there after the start; in the second case nothing new is written until that is done.
    /// </summary>
    /// <param name="destination">Where batches go; it outlives the pipeline.</param>
    /// <param name="stored">The positions that the destination has durably.</param>
    /// <param name="log">A log that was not recovered yet; the pipeline owns it from now on.</param>
    /// <param name="deadLetters">Where records go that the destination refuses.</param>
    /// <param name="options">What is held and for how long.</param>
    /// <param name="clock">The clock; its timers too.</param>
    /// <param name="logger">For the messages of <c>docs/events.md</c>.</param>
    /// <param name="cancellationToken">Ends the start; the log stays as it is.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="WalVersionException">A newer version wrote the log.</exception>
    public static async Task<BatchPipeline> StartAsync(
        IBatchDestination destination,
        IReadOnlyList<OriginPositions> stored,
        WriteAheadLog log,
        DeadLetters deadLetters,
        PipelineOptions options,
        TimeProvider clock,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(deadLetters);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfNegative(options.SpillBytes);
        var pipeline = new BatchPipeline(destination, log, deadLetters, options, clock, logger);
        try
        {
            await pipeline.RecoverAsync(stored, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await pipeline._stop.CancelAsync().ConfigureAwait(false);
            pipeline._metrics.Dispose();
            log.Dispose();
            throw;
        }

        pipeline.Start();
        return pipeline;
    }

    /// <summary>Takes a batch, and completes when it is as far as <see cref="PipelineOptions.Acknowledge"/> says.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">
    /// The caller gives up. A batch that was not written yet is then not written; one that was is stored, and its sender may send it again.
    /// </param>
    /// <returns>How many records are durable, and how many of them had come before.</returns>
    /// <exception cref="PipelineFullException">
    /// There was no room within <see cref="PipelineOptions.HoldFor"/>; nothing was taken.
    /// </exception>
    /// <exception cref="NotYetStoredException">
    /// It was taken and is durable, but the destination did not have it within <see cref="PipelineOptions.HoldFor"/>, as
    /// <see cref="AcknowledgeWhen.Stored"/> promises.
    /// </exception>
    /// <exception cref="WalUnavailableException">The disk is full or faulty; nothing was taken.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<AcceptResult> AcceptAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            Counters.CountRejected(batch.Count);
            return Task.FromCanceled<AcceptResult>(cancellationToken);
        }

        var pending = new PendingBatch(batch, _clock.GetTimestamp());
        Counters.Receive(batch.Count, recovered: false);
        if (!_queue.TryAdd(pending))
        {
            Counters.Refuse(batch.Count);
            return Task.FromException<AcceptResult>(new PipelineFullException(
                _queue.IsClosed ? "The server is stopping." : $"Too many batches wait to be written: {Obstacle()}."));
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(pending, cancellationToken) : pending.Completion;
    }

    /// <summary>The next positions under <see cref="OwnOrigin"/>, for records whose sender does not number them.</summary>
    /// <returns>The first of them.</returns>
    public ulong ReservePositions(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return (ulong)(Interlocked.Add(ref _ownPositions, count) - count);
    }

    /// <summary>The durable positions of an origin, one entry a sender; empty where it is not known.</summary>
    public IReadOnlyList<OriginPositions> Positions(Origin origin) => _taken.Of(origin);

    /// <summary>
    /// Stops: takes no more, writes and gives on what waits in memory until the deadline, waits as long for the destination to have what
    /// it took, closes the log. What it does not have by then, and what was left in the log, stays there for the next start; what was not
    /// written is refused.
    /// </summary>
    /// <param name="deadline">Cancelled when there is no more time.</param>
    public async Task StopAsync(CancellationToken deadline)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        _queue.Close();
        await _stopping.CancelAsync().ConfigureAwait(false);
        using (deadline.UnsafeRegister(static state => ((BatchPipeline)state!).GiveUp(), this))
        {
            await _writing.ConfigureAwait(false);
            _forwarder.Complete();
            await _forwarding.ConfigureAwait(false);
        }

        // What the destination does not have stays in the log. It is durable, so whoever still waits is told so.
        _acknowledgements.End();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _dropping.ConfigureAwait(false);
        if (_expiry is not null)
        {
            await _expiry.DisposeAsync().ConfigureAwait(false);
        }

        _log.Dispose();
        _metrics.Dispose();
        Log.Stopped(_logger, Counters.Live.Pending + Counters.Recovered.Pending);
    }

    /// <summary>Stops without time to give on: everything durable stays in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _stop.Dispose();
        _stopping.Dispose();
    }

    private async Task<AcceptResult> WaitAsync(PendingBatch pending, CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (pipeline, pending) = ((BatchPipeline, PendingBatch))state!;
                if (pending.TryGiveUp())
                {
                    pipeline.Counters.Refuse(pending.Count);
                }

                // Written or being written, it goes its way and is counted; only nobody waits for it.
                pending.Cancel(token);
            },
            (this, pending));
        await using (registration.ConfigureAwait(false))
        {
            return await pending.Completion.ConfigureAwait(false);
        }
    }

    /// <summary>What those who are refused wait for.</summary>
    private string Obstacle() =>
        StartBehind ?? (_backlog.MayWrite(_log) ? "more comes than can be written" : "as much waits for the store as may");

    private async Task RecoverAsync(IReadOnlyList<OriginPositions> stored, CancellationToken cancellationToken)
    {
        foreach (var positions in stored)
        {
            _taken.Add(positions);
        }

        var durableThrough = _destination.DurableThrough;
        var givenThrough = durableThrough;
        var isLeaving = _options.SpillBytes > 0;
        foreach (var entry in _log.Recover(durableThrough, _destination.UsedThrough))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _taken.Add(entry.Batch, entry.Arrival);
            Counters.Receive(entry.Batch.Count, recovered: true);
            _backlog.Recover(entry.Sequence, entry.Batch);
            if (isLeaving)
            {
                continue;
            }

            if (await TryGiveAsync(entry, cancellationToken).ConfigureAwait(false))
            {
                givenThrough = entry.Sequence;
            }
            else
            {
                Log.StartedBehind(_logger, entry.Sequence, StartPatience.TotalSeconds);
                isLeaving = true;
            }
        }

        _forwarder.Begin(givenThrough, isLeaving);
        _taken.ForgetBefore(RecordTime.Now(_clock) - _options.KnowOriginsFor.Ticks);
        Report(_log.Recovery);
    }

    /// <summary>Gives on a batch of the log, unless the destination takes none for so long that nobody should wait for it.</summary>
    private async ValueTask<bool> TryGiveAsync(WalEntry entry, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StartPatience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _backlog.WaitForRoomAsync(either.Token).ConfigureAwait(false);
            await _forwarder.ForwardAsync(
                new WrittenBatch(entry.Sequence, entry.Arrival, entry.Batch, null, IsFromLog: true, IsRecovered: true),
                either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && patience.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Report(WalRecovery recovery)
    {
        Log.Recovered(
            _logger, recovery.Files, recovery.Batches, recovery.Records, recovery.Durable, recovery.NextSequence);
        foreach (var loss in recovery.Losses)
        {
            Log.Loss(
                _logger, loss.Kind, loss.File, loss.Offset, loss.Bytes, loss.FirstSequence, loss.LastSequence, loss.Reason);
        }

        if (recovery.LossCount > recovery.Losses.Count)
        {
            Log.MoreLosses(_logger, recovery.LossCount - recovery.Losses.Count);
        }
    }

    private void Start()
    {
        var loop = new WriterLoop(
            _queue, _log, _taken, _options, Counters, _clock, _logger, _forwarder.Written)
        {
            Wrote = _metrics.Wrote,
        };
        _writing = Task.Factory.StartNew(loop.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _forwarding = Task.Run(_forwarder.RunAsync);
        _dropping = Task.Run(DropAsync);
        _expiry = _clock.CreateTimer(static state => ((BatchPipeline)state!).Expire(), this, ExpiryPeriod, ExpiryPeriod);
    }

    private void Expire()
    {
        _acknowledgements.Expire();
        _queue.Expire();
    }

    private async Task DropAsync()
    {
        var token = _stop.Token;
        while (!token.IsCancellationRequested)
        {
            var durable = _destination.DurableThrough;
            try
            {
                // What the destination was never given is not removed, whatever it says.
                _log.DropThrough(Math.Min(durable, _forwarder.GivenThrough));
                _queue.RoomChanged();
                await _destination.WaitUntilDurableBeyondAsync(durable, token).ConfigureAwait(false);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                Log.DropFailed(_logger, e);
                await Task.Delay(DropRetry, _clock, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void GiveUp()
    {
        _queue.Abandon("The server is stopping.");
        _stop.Cancel();
    }
}
