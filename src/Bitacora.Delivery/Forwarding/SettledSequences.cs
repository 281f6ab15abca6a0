namespace Bitacora.Delivery.Forwarding;

/// <summary>
/// Which sequences the destination took, and through which all are settled: batches settle in any order. Safe from any thread.
/// </summary>
internal sealed class SettledSequences
{
    // Guards everything below.
    private readonly Lock _gate = new();
    private readonly SortedSet<ulong> _open = [];
    private ulong _takenThrough;
    private ulong _firstAbandoned = ulong.MaxValue;

    /// <summary>The last sequence that was taken, or passed over.</summary>
    public ulong TakenThrough
    {
        get
        {
            lock (_gate)
            {
                return _takenThrough;
            }
        }
    }

    /// <summary>The sequence through which everything is settled.</summary>
    public ulong Through
    {
        get
        {
            lock (_gate)
            {
                var first = Math.Min(_firstAbandoned, _open.Count > 0 ? _open.Min : ulong.MaxValue);
                return Math.Min(_takenThrough, first - 1);
            }
        }
    }

    /// <summary>The next batch is taken, and not settled.</summary>
    public void Take(ulong sequence)
    {
        lock (_gate)
        {
            _open.Add(sequence);
            _takenThrough = sequence;
        }
    }

    /// <summary>There is nothing to take through a sequence.</summary>
    public void PassOver(ulong through)
    {
        lock (_gate)
        {
            _takenThrough = Math.Max(_takenThrough, through);
        }
    }

    /// <summary>A batch is settled.</summary>
    public void Settle(ulong sequence)
    {
        lock (_gate)
        {
            _open.Remove(sequence);
        }
    }

    /// <summary>A batch will not be settled in this process: what follows is never settled through.</summary>
    public void Abandon(ulong sequence)
    {
        lock (_gate)
        {
            _open.Remove(sequence);
            _firstAbandoned = Math.Min(_firstAbandoned, sequence);
        }
    }
}
