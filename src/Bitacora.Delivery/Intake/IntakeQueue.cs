namespace Bitacora.Delivery.Intake;

/// <summary>
/// Batches that wait to be written, and the room behind them: the writer gets a group when one waits and the destination is not too far
/// behind.
/// </summary>
internal sealed class IntakeQueue
{
    private readonly PipelineOptions _options;
    private readonly TimeProvider _clock;
    private readonly DeliveryCounters _counters;

    // Guards everything below; the writer waits on it.
    private readonly object _gate = new();
    private readonly Queue<PendingBatch> _waiting = new();
    private readonly Queue<PendingBatch> _undelivered = new();
    private long _waitingBytes;
    private long _undeliveredBytes;
    private int _undeliveredCount;
    private bool _closed;

    public IntakeQueue(PipelineOptions options, TimeProvider clock, DeliveryCounters counters) =>
        (_options, _clock, _counters) = (options, clock, counters);

    /// <summary>Bytes that wait to be written.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>Bytes that are written and wait for the destination.</summary>
    public long UndeliveredBytes => Volatile.Read(ref _undeliveredBytes);

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Puts a batch in the queue; false if there is no room or nothing is taken any more.</summary>
    public bool TryAdd(PendingBatch pending)
    {
        lock (_gate)
        {
            if (_closed
                || _waiting.Count >= _options.MaxWaitingBatches
                || (_waiting.Count > 0 && _waitingBytes + pending.Batch.Bytes.Length > _options.MaxWaitingBytes))
            {
                return false;
            }

            _waiting.Enqueue(pending);
            _waitingBytes += pending.Batch.Bytes.Length;
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

    /// <summary>The writer wrote it: it takes room until <see cref="Delivered"/>.</summary>
    public void Written(PendingBatch pending)
    {
        lock (_gate)
        {
            _undelivered.Enqueue(pending);
            _undeliveredCount++;
            _undeliveredBytes += pending.New?.Bytes.Length ?? 0;
        }
    }

    /// <summary>The destination has it: the oldest of those written.</summary>
    public void Delivered(PendingBatch pending)
    {
        lock (_gate)
        {
            // Those that Expire acknowledged early are gone from the queue already.
            if (_undelivered.TryPeek(out var oldest) && ReferenceEquals(oldest, pending))
            {
                _undelivered.Dequeue();
            }

            _undeliveredCount--;
            _undeliveredBytes -= pending.New?.Bytes.Length ?? 0;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Refuses what waited too long to be written, and acknowledges what is durable and waited too long for the destination.
    /// </summary>
    public void Expire()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var oldest) && (oldest.IsGivenUp || IsOld(oldest)))
            {
                Remove();
                if (oldest.TryGiveUp())
                {
                    _counters.Refuse(oldest.Batch.Count);
                    oldest.Fail(new PipelineFullException($"There was no room for the batch within {_options.HoldFor.TotalSeconds} s."));
                }
            }

            while (_undelivered.TryPeek(out var oldest) && IsOld(oldest))
            {
                _undelivered.Dequeue();
                oldest.Acknowledge();
            }
        }
    }

    /// <summary>Acknowledges all that is durable, although the destination does not have it.</summary>
    public void AcknowledgeWritten()
    {
        lock (_gate)
        {
            while (_undelivered.TryDequeue(out var pending))
            {
                pending.Acknowledge();
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
                    _counters.Refuse(oldest.Batch.Count);
                    oldest.Fail(new PipelineFullException(reason));
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    private bool IsOld(PendingBatch pending) => _clock.GetElapsedTime(pending.Since) >= _options.HoldFor;

    private void Claim(List<PendingBatch> group)
    {
        if (_undeliveredBytes >= _options.MaxUndeliveredBytes || _undeliveredCount >= _options.MaxUndeliveredBatches)
        {
            return;
        }

        long bytes = 0;
        while (group.Count < _options.GroupBatches
            && _waiting.TryPeek(out var next)
            && (group.Count == 0 || bytes + next.Batch.Bytes.Length <= _options.GroupBytes))
        {
            Remove();
            if (next.TryClaim())
            {
                group.Add(next);
                bytes += next.Batch.Bytes.Length;
            }
        }
    }

    private void Remove() => _waitingBytes -= _waiting.Dequeue().Batch.Bytes.Length;
}
