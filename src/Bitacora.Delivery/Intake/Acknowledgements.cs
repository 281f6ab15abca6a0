namespace Bitacora.Delivery.Intake;

/// <summary>
/// The callers whose batches are written, in the order of the log: each is answered when everything through its sequence has come as far
/// as was promised, or when it has waited too long. Safe from any thread.
/// </summary>
internal sealed class Acknowledgements(PipelineOptions options, TimeProvider clock)
{
    private readonly bool _atOnce = options is { Acknowledge: AcknowledgeWhen.Written, SpillBytes: > 0 };

    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly Queue<PendingBatch> _waiting = new();
    private ulong _reached;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The next batch is written.</summary>
    public void Add(PendingBatch pending)
    {
        lock (_gate)
        {
            if (_atOnce || pending.Sequence <= _reached)
            {
                pending.Acknowledge();
            }
            else
            {
                _waiting.Enqueue(pending);
            }
        }
    }

    /// <summary>Everything through a sequence is where it should be.</summary>
    public void Reach(ulong sequence)
    {
        lock (_gate)
        {
            _reached = Math.Max(_reached, sequence);
            while (_waiting.TryPeek(out var oldest) && oldest.Sequence <= _reached)
            {
                _waiting.Dequeue().Acknowledge();
            }
        }
    }

    /// <summary>Answers those who waited too long.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.Since) >= options.HoldFor)
            {
                Answer(_waiting.Dequeue(), $"within {options.HoldFor.TotalSeconds} s");
            }
        }
    }

    /// <summary>Answers all: the pipeline stops.</summary>
    public void End()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var pending))
            {
                Answer(pending, "before the server stopped");
            }
        }
    }

    /// <summary>It is durable here, and that is all there is to say.</summary>
    private void Answer(PendingBatch pending, string when)
    {
        if (options.Acknowledge == AcknowledgeWhen.Written)
        {
            pending.Acknowledge();
        }
        else
        {
            pending.Fail(new NotYetStoredException($"The batch is durable here, but the store did not have it {when}."));
        }
    }
}
