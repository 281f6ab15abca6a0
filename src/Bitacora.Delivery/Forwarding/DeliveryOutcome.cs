namespace Bitacora.Delivery.Forwarding;

/// <summary>What became of a batch's records.</summary>
internal readonly record struct DeliveryOutcome(int Stored, int Duplicates, int Dead, int Dropped)
{
    public int Total => Stored + Duplicates + Dead + Dropped;

    public static DeliveryOutcome operator +(DeliveryOutcome left, DeliveryOutcome right) => new(
        left.Stored + right.Stored,
        left.Duplicates + right.Duplicates,
        left.Dead + right.Dead,
        left.Dropped + right.Dropped);
}
