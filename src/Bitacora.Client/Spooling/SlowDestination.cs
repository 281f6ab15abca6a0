using Bitacora.Client.Draining;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Spooling;

/// <summary>
/// A destination as a slow lane's pipeline sees it: one that is tried until it answers, each time as soon as the direct lane noticed that
/// it does; and where the oldest give way, one that takes and drops them while there is no room.
/// </summary>
internal sealed class SlowDestination : IBatchDestination
{
    /// <summary>As long as a pipeline keeps a batch; then it must be told of a failure, and makes it a dead letter.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    /// <summary>However long it was away, a destination that is back is noticed within this.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>For one try; a destination has its own time-outs, this is for one that forgot to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IBatchDestination _inner;
    private readonly bool _isOrdered;
    private readonly TimeProvider _clock;
    private readonly Random _random;

    // Guards what follows.
    private readonly Lock _gate = new();
    private LevelCounts _dropped;
    private ulong _sequence;
    private int _wholeCount;
    private ulong _durable;
    private long _oldest;
    private long _retries;
    private long _batches;
    private TaskCompletionSource _moved = NewSource();
    private TaskCompletionSource _hurry = NewSource();

    /// <param name="inner">Where batches go.</param>
    /// <param name="isOrdered">Whether it wants the next batch before it has this one, and knows by itself what it has durably.</param>
    /// <param name="clock">For waits.</param>
    /// <param name="random">Spreads retries.</param>
    public SlowDestination(IBatchDestination inner, bool isOrdered, TimeProvider clock, Random random) =>
        (_inner, _isOrdered, _clock, _random) = (inner, isOrdered, clock, random);

    /// <summary>Told of each answer (null) and each failure; from any thread.</summary>
    public Action<Exception?> Asked { get; set; } = static _ => { };

    /// <summary>Whether a batch gives way now, by its bytes.</summary>
    public Func<int, bool> MustDrop { get; set; } = static _ => false;

    /// <summary>Records that gave way.</summary>
    public LevelCounts Dropped => Read(static destination => destination._dropped);

    /// <summary>The time of the oldest record that is offered now, in units of 100 ns since 1970; 0 where there is none.</summary>
    public long OldestTime => Read(static destination => destination._oldest);

    /// <summary>Requests after the first of each batch.</summary>
    public long Retries => Read(static destination => destination._retries);

    /// <summary>Batches that were delivered.</summary>
    public long Batches => Read(static destination => destination._batches);

    /// <inheritdoc/>
    public ulong DurableThrough => _isOrdered ? _inner.DurableThrough : Read(static destination => destination._durable);

    /// <inheritdoc/>
    public ulong UsedThrough => _isOrdered ? _inner.UsedThrough : DurableThrough;

    /// <inheritdoc/>
    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        Begin(batch, sequence);
        var retry = new RetrySchedule(_random);
        while (true)
        {
            var hurry = NextHurry;
            if (MustDrop(batch.Bytes.Length))
            {
                Drop(batch, sequence);
                return RefusedRecord.None;
            }

            try
            {
                if (await TryAsync(batch, sequence, cancellationToken).ConfigureAwait(false) is not { } stored)
                {
                    Drop(batch, sequence);
                    return RefusedRecord.None;
                }

                Asked(null);
                End(batch, sequence, isWhole: stored.IsCompletedSuccessfully && stored.Result.Count == 0);
                return stored;
            }
            catch (BatchRefusedException)
            {
                Asked(null);
                throw;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Asked(e);
                if (RecordTime.Now(_clock) - batch.MaxTime > KeepFor.Ticks)
                {
                    throw;
                }
            }

            var pause = retry.Next();
            await WaitAsync(pause < LongestPause ? pause : LongestPause, hurry, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _retries++;
            }
        }
    }

    /// <inheritdoc/>
    public async Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken)
    {
        if (_isOrdered)
        {
            await _inner.WaitUntilDurableBeyondAsync(sequence, cancellationToken).ConfigureAwait(false);
            return;
        }

        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_durable > sequence)
                {
                    return;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tries, or looks whether to drop, now.</summary>
    public void Hurry()
    {
        TaskCompletionSource hurry;
        lock (_gate)
        {
            (hurry, _hurry) = (_hurry, NewSource());
        }

        hurry.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task NextHurry => Read(static destination => destination._hurry.Task);

    /// <summary>Null: the batch must give way while the destination does not answer.</summary>
    private async Task<Task<IReadOnlyList<RefusedRecord>>?> TryAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        if (_isOrdered)
        {
            return await _inner.AppendAsync(batch, sequence, cancellationToken).ConfigureAwait(false);
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stored = StoreAsync(batch, sequence, limited.Token);
        while (true)
        {
            var hurry = NextHurry;
            await Task.WhenAny(stored, hurry).ConfigureAwait(false);
            if (stored.IsCompleted)
            {
                return Task.FromResult(await stored.ConfigureAwait(false));
            }

            if (MustDrop(batch.Bytes.Length))
            {
                await limited.CancelAsync().ConfigureAwait(false);
                _ = stored.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
                return null;
            }
        }
    }

    private async Task<IReadOnlyList<RefusedRecord>> StoreAsync(RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        var taken = _inner.AppendAsync(batch, sequence, cancellationToken).AsTask();
        var stored = await taken.WaitAsync(Patience, _clock, cancellationToken).ConfigureAwait(false);
        return await stored.WaitAsync(Patience, _clock, cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitAsync(TimeSpan wait, Task hurry, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(wait, _clock, ended.Token), hurry).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Begin(RecordBatch batch, ulong sequence)
    {
        lock (_gate)
        {
            _oldest = batch.MinTime;
            if (sequence != _sequence)
            {
                // The next comes when all parts of the one before were given, and what was refused of them is a dead letter.
                MoveTo(sequence - 1);
                (_sequence, _wholeCount) = (sequence, batch.Count);
            }
        }
    }

    private void Drop(RecordBatch batch, ulong sequence)
    {
        lock (_gate)
        {
            _dropped += LevelCounts.Of(batch);
        }

        End(batch, sequence, isWhole: true);
    }

    private void End(RecordBatch batch, ulong sequence, bool isWhole)
    {
        lock (_gate)
        {
            _batches++;
            _oldest = 0;
            if (isWhole && batch.Count == _wholeCount)
            {
                MoveTo(sequence);
            }
        }
    }

    /// <summary>Under the gate.</summary>
    private void MoveTo(ulong durable)
    {
        if (durable > _durable)
        {
            _durable = durable;
            var moved = _moved;
            _moved = NewSource();
            moved.SetResult();
        }
    }

    private T Read<T>(Func<SlowDestination, T> value)
    {
        lock (_gate)
        {
            return value(this);
        }
    }
}
