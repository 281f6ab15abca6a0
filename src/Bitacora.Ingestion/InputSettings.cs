using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>What an input says about its records beyond what their senders say.</summary>
public sealed record InputSettings
{
    /// <summary>The source of records whose sender names none, such as a file's stem. Default none.</summary>
    public string? DefaultSource { get; init; }

    /// <summary>The source of all records, whatever their sender says. Default none.</summary>
    public string? Source { get; init; }

    /// <summary>The host of records whose sender names none, such as the machine that read the file. Default none.</summary>
    public string? DefaultHost { get; init; }

    /// <summary>The layer of all records. Default: the sender's, or application.</summary>
    public Layer? Layer { get; init; }

    /// <summary>What a record may hold.</summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    /// <summary>
    /// The longest line in bytes, its end not counted. Default 4 MiB: more than the longest record of one line. From 1 KiB to 64 MiB.
    /// </summary>
    public int MaxLineBytes { get; init; } = 4 << 20;

    /// <summary>
    /// The most lines that are joined to one record; what follows begins another. Default 2,000. Together they are no longer than a
    /// record's text may be (<see cref="RecordLimits.Text"/>, 1 MiB).
    /// </summary>
    public int MaxRecordLines { get; init; } = 2_000;

    /// <summary>
    /// Whether a line that cannot be decoded is stored with the line as its message and the reason in <c>parse_error</c>. Default false:
    /// it is refused.
    /// </summary>
    public bool KeepBadLines { get; init; }

    /// <summary>
    /// What a batch that ends at a position covers besides: a position of another origin, made of the content before the end. So whoever
    /// asks the server later can tell whether what is stored up to there was this content. Called once a batch, when it ends. Default none.
    /// </summary>
    public Func<ulong, BatchOrigin>? Witness { get; init; }

    /// <summary>
    /// How long a batch waits for more input before it is delivered as it is: for input that trickles. Default null: until it is full or
    /// the input ends.
    /// </summary>
    public TimeSpan? FlushAfter { get; init; }

    /// <summary>
    /// How long the last record of an input that trickles waits for further lines of its own. Default 1 second: programs write the lines
    /// of a traceback within moments. Without <see cref="FlushAfter"/> it waits for the next record or the end of the input.
    /// </summary>
    public TimeSpan JoinWithin { get; init; } = TimeSpan.FromSeconds(1);
}
