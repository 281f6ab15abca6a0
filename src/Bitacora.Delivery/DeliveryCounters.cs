using Bitacora.Delivery.Forwarding;

namespace Bitacora.Delivery;

/// <summary>Counts what becomes of records. Safe from any thread; what is read is consistent at every instant.</summary>
public sealed class DeliveryCounters
{
    // Guards both counts, so that a reader never sees a record between two of them.
    private readonly Lock _gate = new();
    private DeliveryCounts _live;
    private DeliveryCounts _recovered;

    /// <summary>Records that came to this process.</summary>
    public DeliveryCounts Live
    {
        get
        {
            lock (_gate)
            {
                return _live;
            }
        }
    }

    /// <summary>Records that this process found in the write-ahead log when it started.</summary>
    public DeliveryCounts Recovered
    {
        get
        {
            lock (_gate)
            {
                return _recovered;
            }
        }
    }

    /// <summary>Counts records that came and could not be read, so that no batch has them.</summary>
    public void CountRejected(int records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        lock (_gate)
        {
            _live = _live with { Received = _live.Received + records, Rejected = _live.Rejected + records };
        }
    }

    internal void Receive(int records, bool recovered)
    {
        lock (_gate)
        {
            ref var counts = ref recovered ? ref _recovered : ref _live;
            counts = counts with { Received = counts.Received + records, Pending = counts.Pending + records };
        }
    }

    internal void Refuse(int records)
    {
        lock (_gate)
        {
            _live = _live with { Pending = _live.Pending - records, Rejected = _live.Rejected + records };
        }
    }

    internal void Settle(in DeliveryOutcome outcome, bool recovered)
    {
        lock (_gate)
        {
            ref var counts = ref recovered ? ref _recovered : ref _live;
            counts = counts with
            {
                Pending = counts.Pending - outcome.Total,
                Stored = counts.Stored + outcome.Stored,
                Duplicates = counts.Duplicates + outcome.Duplicates,
                Dead = counts.Dead + outcome.Dead,
                Dropped = counts.Dropped + outcome.Dropped,
            };
        }
    }
}
