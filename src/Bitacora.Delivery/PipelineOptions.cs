namespace Bitacora.Delivery;

/// <summary>What a <see cref="BatchPipeline"/> holds and for how long.</summary>
public sealed record PipelineOptions
{
    /// <summary>
    /// The most bytes of batches that wait to be written; beyond it a batch is refused at once. Default 64 MiB: about a second and a half
    /// of the fastest stream.
    /// </summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    /// <summary>The most batches that wait to be written. Default 65,536.</summary>
    public int MaxWaitingBatches { get; init; } = 65_536;

    /// <summary>
    /// The bytes in memory that are written and wait for the destination, at which writing pauses or batches are left in the log
    /// (<see cref="SpillBytes"/>). Default 32 MiB. One group more may be there.
    /// </summary>
    public long MaxUndeliveredBytes { get; init; } = 32L << 20;

    /// <summary>The batches in memory that are written and wait for the destination, at which the same happens. Default 16,384.</summary>
    public int MaxUndeliveredBatches { get; init; } = 16_384;

    /// <summary>
    /// While the write-ahead log has fewer bytes than this, a batch is written although the destination is behind: it is left in the log,
    /// takes no memory and is read back when the destination has caught up so far. A start then does not wait for the destination. Beyond
    /// it writing pauses. One group more may be there. Default 0: nothing is left in the log.
    /// </summary>
    public long SpillBytes { get; init; }

    /// <summary>When a batch is acknowledged. Default <see cref="AcknowledgeWhen.Written"/>.</summary>
    public AcknowledgeWhen Acknowledge { get; init; }

    /// <summary>The bytes after which a group is written and fsynced. Default 4 MiB, so that nobody waits long for others.</summary>
    public long GroupBytes { get; init; } = 4L << 20;

    /// <summary>The most batches in a group. Default 4,096.</summary>
    public int GroupBatches { get; init; } = 4_096;

    /// <summary>
    /// How long a caller waits for room, and how long a durable batch waits for the destination before it is acknowledged, or, where it is
    /// acknowledged when it is stored, refused with a <see cref="NotYetStoredException"/>. Default 5 s.
    /// </summary>
    public TimeSpan HoldFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the write-ahead log keeps a batch that the destination does not take; then it is a dead letter. Default 7 days.
    /// </summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long after an origin's last batch its positions are known. Default 8 days, longer than <see cref="KeepFor"/>.</summary>
    public TimeSpan KnowOriginsFor { get; init; } = TimeSpan.FromDays(8);

    /// <summary>The most origins whose positions are known; the longest unseen are forgotten first. Default 200,000, about 40 MB.</summary>
    public int MaxOrigins { get; init; } = 200_000;

    /// <summary>The most separate ranges of one origin; the lowest are forgotten first. Default 16,384.</summary>
    public int MaxRangesPerOrigin { get; init; } = 16_384;
}
