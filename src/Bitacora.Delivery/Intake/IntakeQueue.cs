namespace Bitacora.Delivery.Intake;

/// <summary>
/// Batches that wait to be written: the writer gets a group when one waits and there is room behind it.
/// </summary>
internal sealed class IntakeQueue
{
    private readonly PipelineOptions _options;
    private readonly TimeProvider _clock;
    private readonly DeliveryCounters _counters;
    private readonly Func<bool> _isRoom;
    private readonly Func<string> _obstacle;

    // Guards everything below; the writer waits on it.
    private readonly object _gate = new();
    private readonly Queue<PendingBatch> _waiting = new();
    private long _waitingBytes;
    private bool _closed;

    /// <param name="options">The bounds.</param>
    /// <param name="clock">Tells who waited too long.</param>
    /// <param name="counters">Count what is refused.</param>
    /// <param name="isRoom">Whether another group may be written; asked again after <see cref="RoomChanged"/>.</param>
    /// <param name="obstacle">Why there is no room, for those who are refused.</param>
    public IntakeQueue(
        PipelineOptions options, TimeProvider clock, DeliveryCounters counters, Func<bool> isRoom, Func<string> obstacle) =>
        (_options, _clock, _counters, _isRoom, _obstacle) = (options, clock, counters, isRoom, obstacle);

    /// <summary>Bytes that wait to be written.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Puts a batch in the queue; false if there is no room or nothing is taken any more.</summary>
    public bool TryAdd(PendingBatch pending)
    {
        lock (_gate)
        {
            if (_closed
                || _waiting.Count >= _options.MaxWaitingBatches
                || (_waiting.Count > 0 && _waitingBytes + pending.Bytes > _options.MaxWaitingBytes))
            {
                return false;
            }

            _waiting.Enqueue(pending);
            _waitingBytes += pending.Bytes;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>
    /// Waits for the next group, and claims it. Whatever came while the last group was fsynced is in it; nobody waits for a timer.
    /// </summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<PendingBatch> group)
    {
        group.Clear();
        lock (_gate)
        {
            while (true)
            {
                Claim(group);
                if (group.Count > 0)
                {
                    return true;
                }

                if (_closed && _waiting.Count == 0)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>There may be room now.</summary>
    public void RoomChanged()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Refuses what waited too long to be written. Callers behind it may have been answered: the writer looks for room.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
            while (_waiting.TryPeek(out var oldest) && (oldest.IsGivenUp || IsOld(oldest)))
            {
                Remove();
                if (oldest.TryGiveUp())
                {
                    _counters.Refuse(oldest.Count);
                    oldest.Fail(new PipelineFullException(
                        $"There was no room for the batch within {_options.HoldFor.TotalSeconds} s: {_obstacle()}."));
                }
            }
        }
    }

    /// <summary>Takes no more; what waits is still written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Refuses all that waits.</summary>
    public void Abandon(string reason)
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var oldest))
            {
                Remove();
                if (oldest.TryGiveUp())
                {
                    _counters.Refuse(oldest.Count);
                    oldest.Fail(new PipelineFullException(reason));
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    private bool IsOld(PendingBatch pending) => _clock.GetElapsedTime(pending.Since) >= _options.HoldFor;

    private void Claim(List<PendingBatch> group)
    {
        if (_waiting.Count == 0 || !_isRoom())
        {
            return;
        }

        long bytes = 0;
        while (group.Count < _options.GroupBatches
            && _waiting.TryPeek(out var next)
            && (group.Count == 0 || bytes + next.Bytes <= _options.GroupBytes))
        {
            Remove();
            if (next.TryClaim())
            {
                group.Add(next);
                bytes += next.Bytes;
            }
        }
    }

    private void Remove() => _waitingBytes -= _waiting.Dequeue().Bytes;
}
