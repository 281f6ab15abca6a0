using Bitacora.Records;

namespace Bitacora.Delivery.Forwarding;

/// <summary>
/// What is durable and not settled: how much of it is in memory, how much only in the log, and whether more may be written. Once a batch
/// was left in the log all later ones are, until the forwarder has caught up: so order needs no more than a place to read on from. Safe
/// from any thread.
/// </summary>
internal sealed class Backlog(PipelineOptions options, TimeProvider clock)
{
    // Guards everything below.
    private readonly Lock _gate = new();
    private readonly LeftInLog _left = new();
    private TaskCompletionSource? _released;
    private long _bytes;
    private int _batches;
    private bool _isLeaving;
    private long _leavingSince;
    private long _broughtBatches;
    private long _broughtRecords;

    /// <summary>Bytes in memory: they wait for the destination, or it has taken them and does not have them yet.</summary>
    public long Bytes => Read(static backlog => backlog._bytes);

    /// <summary>Bytes that are only in the log.</summary>
    public long LeftBytes => Read(static backlog => backlog._left.Bytes);

    /// <summary>Records that are only in the log.</summary>
    public long LeftRecords => Read(static backlog => backlog._left.Records);

    /// <summary>The last sequence that was left in the log.</summary>
    public ulong LeftThrough => Read(static backlog => backlog._left.Through);

    /// <summary>Whether what comes is left in the log, or waits where that may not be.</summary>
    public bool IsLeaving => Read(static backlog => backlog._isLeaving);

    private bool IsFull => _bytes >= options.MaxUndeliveredBytes || _batches >= options.MaxUndeliveredBatches;

    /// <summary>Whether another group may be written.</summary>
    public bool MayWrite(WriteAheadLog log)
    {
        lock (_gate)
        {
            return !(_isLeaving || IsFull) || log.Bytes < options.SpillBytes;
        }
    }

    /// <summary>The next batch is written: it takes memory, or is left in the log.</summary>
    public Placement Add(ulong sequence, RecordBatch batch)
    {
        lock (_gate)
        {
            if (!_isLeaving && (options.SpillBytes == 0 || !IsFull))
            {
                Hold(batch);
                return Placement.InMemory;
            }

            _left.Add(sequence, batch.Bytes.Length, batch.Count, isRecovered: false);
            if (_isLeaving)
            {
                return Placement.InLog;
            }

            BeginLeaving();
            return Placement.FirstInLog;
        }
    }

    /// <summary>The start found a batch in the log.</summary>
    public void Recover(ulong sequence, RecordBatch batch)
    {
        lock (_gate)
        {
            _left.Add(sequence, batch.Bytes.Length, batch.Count, isRecovered: true);
        }
    }

    /// <summary>What the start found is left in the log, if it found any: then those that follow are left there too.</summary>
    public bool LeaveRecovered()
    {
        lock (_gate)
        {
            if (_left.Through > 0)
            {
                BeginLeaving();
            }

            return _isLeaving;
        }
    }

    /// <summary>A batch that was left in the log was taken, and is in memory now.</summary>
    /// <returns>What was left before it and could not be read back.</returns>
    public LostRecords Bring(ulong sequence, RecordBatch batch)
    {
        lock (_gate)
        {
            Hold(batch);
            _broughtBatches++;
            _broughtRecords += batch.Count;
            return _left.Remove(sequence, batch.Bytes.Length, batch.Count);
        }
    }

    /// <summary>A batch is settled, and lets go of its memory.</summary>
    public void Release(RecordBatch batch)
    {
        TaskCompletionSource? released;
        lock (_gate)
        {
            _bytes -= batch.Bytes.Length;
            _batches--;
            (released, _released) = (_released, null);
        }

        released?.SetResult();
    }

    /// <summary>Ends leaving batches in the log if everything before a sequence was read back and nothing was left behind it.</summary>
    /// <returns>What was read back; null if there is more.</returns>
    public CaughtUp? TryCatchUp(ulong next)
    {
        lock (_gate)
        {
            if (next <= _left.Through)
            {
                return null;
            }

            _isLeaving = false;
            return new CaughtUp(clock.GetElapsedTime(_leavingSince), _broughtBatches, _broughtRecords, _left.RemoveAll());
        }
    }

    /// <summary>Completes when another batch may be brought into memory.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken) => WaitUntilAsync(() => !IsFull, cancellationToken);

    /// <summary>Completes when nothing is in memory.</summary>
    public Task WaitUntilEmptyAsync(CancellationToken cancellationToken) => WaitUntilAsync(() => _batches == 0, cancellationToken);

    private async Task WaitUntilAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task released;
            lock (_gate)
            {
                if (isReached())
                {
                    return;
                }

                _released ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                released = _released.Task;
            }

            await released.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Hold(RecordBatch batch)
    {
        _bytes += batch.Bytes.Length;
        _batches++;
    }

    private void BeginLeaving()
    {
        _isLeaving = true;
        _leavingSince = clock.GetTimestamp();
        (_broughtBatches, _broughtRecords) = (0, 0);
    }

    private T Read<T>(Func<Backlog, T> value)
    {
        lock (_gate)
        {
            return value(this);
        }
    }
}
