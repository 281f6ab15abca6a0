namespace Bitacora.Delivery;

/// <summary>What was found in the write-ahead log when it was opened.</summary>
public sealed record WalRecovery
{
    /// <summary>The most losses that are listed one by one.</summary>
    public const int MaxListed = 1_000;

    /// <summary>The files that were read.</summary>
    public int Files { get; init; }

    /// <summary>The batches that were read, to be given on.</summary>
    public long Batches { get; init; }

    /// <summary>Their records.</summary>
    public long Records { get; init; }

    /// <summary>The batches that were passed over because the destination has them.</summary>
    public long Durable { get; init; }

    /// <summary>The bytes that were read.</summary>
    public long Bytes { get; init; }

    /// <summary>The sequence that the next batch gets.</summary>
    public ulong NextSequence { get; init; }

    /// <summary>The first <see cref="MaxListed"/> losses, in the order of the log.</summary>
    public IReadOnlyList<WalLoss> Losses { get; init; } = [];

    /// <summary>All losses, also those beyond <see cref="MaxListed"/>.</summary>
    public long LossCount { get; init; }

    /// <summary>The bytes of all losses.</summary>
    public long LostBytes { get; init; }
}
