namespace Bitacora.Delivery.Forwarding;

/// <summary>What became of records.</summary>
internal readonly record struct DeliveryOutcome(long Stored, long Duplicates, long Dead, long Dropped)
{
    public long Total => Stored + Duplicates + Dead + Dropped;

    public static DeliveryOutcome operator +(DeliveryOutcome left, DeliveryOutcome right) => new(
        left.Stored + right.Stored,
        left.Duplicates + right.Duplicates,
        left.Dead + right.Dead,
        left.Dropped + right.Dropped);
}
