using Bitacora.Client;

namespace Bitacora.Extensions.Logging;

/// <summary>What every way of logging to Bitácora can be told: what is captured, and how it waits.</summary>
/// <remarks>
/// Set in the section of the provider's alias below <c>Logging</c>, in code, or both (code comes last). The settings marked
/// <em>reloads</em> apply when the configuration changes; for the others the application must be started again.
/// </remarks>
public abstract class QueueLoggerOptions
{
    /// <summary>The application's name, 1 to 200 characters. Default: the host's application name, else the entry assembly's.</summary>
    public string? Source { get; set; }

    /// <summary>The machine's name in records. Default: the machine's.</summary>
    public string? Host { get; set; }

    /// <summary>Records in a batch, 1 to 16,384. Default 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>The longest that a record waits for others before it is sent. Default 1 s.</summary>
    public TimeSpan FlushPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Records that wait at most; when it is full, new ones are refused and counted. The last eighth is for WARNING and above.
    /// Default 10,000.
    /// </summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Bytes that waiting records may take. An entry has at most a quarter of it, and at most 1 MiB. Default 4 MiB.</summary>
    public int QueueBytes { get; set; } = 4 << 20;

    /// <summary>Bytes of a batch at which it is sent. Default 1 MiB.</summary>
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>
    /// A directory in which records wait through crashes and outages; several processes may share it. Default: none, records wait in
    /// memory.
    /// </summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>Bytes that may wait in the <see cref="SpoolDirectory"/>, beside the queue itself. Default 1 GiB.</summary>
    public long MaxSpoolBytes { get; set; } = 1L << 30;

    /// <summary>What is lost, and counted, when the spool is full. Default: what is new.</summary>
    public SpoolFullMode SpoolFullMode { get; set; } = SpoolFullMode.DropNewest;

    /// <summary>
    /// When the spool is forced to the disk. Default never: records survive the end of the process, not a loss of power.
    /// </summary>
    public SpoolFsync Fsync { get; set; } = SpoolFsync.None;

    /// <summary>How long the end of the application may wait for the last records. Default 5 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether scopes are recorded (reloads). Default: yes.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>
    /// Names of values that are the request's id, the strongest first (reloads). Default: those of
    /// <see cref="EntryFieldNames.RequestId"/>; without any, the trace's id is it.
    /// </summary>
    public IList<string> RequestIdKeys { get; set; } = [.. EntryFieldNames.Default.RequestId];

    /// <summary>Names of values that are the user's id (reloads). Default: those of <see cref="EntryFieldNames.UserId"/>.</summary>
    public IList<string> UserIdKeys { get; set; } = [.. EntryFieldNames.Default.UserId];

    /// <summary>Names of values that are the session's id (reloads). Default: those of <see cref="EntryFieldNames.SessionId"/>.</summary>
    public IList<string> SessionIdKeys { get; set; } = [.. EntryFieldNames.Default.SessionId];

    /// <summary>
    /// Names of values that are the duration in milliseconds, numbers or time spans (reloads). Default: those of
    /// <see cref="EntryFieldNames.DurationMs"/>.
    /// </summary>
    public IList<string> DurationKeys { get; set; } = [.. EntryFieldNames.Default.DurationMs];

    /// <summary>
    /// Told what is wrong with logging itself, at most some times a minute, on any thread. Default: a line on standard error.
    /// </summary>
    public Action<string>? SelfLog { get; set; }

    /// <summary>What was wrong with the configuration when it was read.</summary>
    internal IList<string> ReadingFaults { get; } = [];

    internal EntryFieldNames FieldNames => new()
    {
        RequestId = [.. RequestIdKeys],
        UserId = [.. UserIdKeys],
        SessionId = [.. SessionIdKeys],
        DurationMs = [.. DurationKeys],
    };

    /// <summary>
    /// All that is wrong with these options, one sentence each, beginning with the option's name; empty when they can be used.
    /// </summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>(ReadingFaults);
        if (Source is { } source && (string.IsNullOrWhiteSpace(source) || source.Length > 200))
        {
            faults.Add($"{nameof(Source)} is '{source}'; it must have 1 to 200 characters.");
        }

        foreach (var (name, keys) in new[]
        {
            (nameof(RequestIdKeys), RequestIdKeys), (nameof(UserIdKeys), UserIdKeys), (nameof(SessionIdKeys), SessionIdKeys),
            (nameof(DurationKeys), DurationKeys),
        })
        {
            if (keys is null || keys.Count > 64 || keys.Any(string.IsNullOrWhiteSpace))
            {
                faults.Add($"{name} must have at most 64 names, none of them empty.");
            }
        }

        faults.AddRange(QueueOptions().Faults());
        AddFaults(faults);
        return faults;
    }

    /// <summary>Adds what is wrong with the destination's options.</summary>
    protected abstract void AddFaults(ICollection<string> faults);

    internal LogQueueOptions QueueOptions() => Adapt(new LogQueueOptions
    {
        BatchSize = BatchSize,
        FlushPeriod = FlushPeriod,
        QueueCapacity = QueueCapacity,
        QueueBytes = QueueBytes,
        MaxBatchBytes = MaxBatchBytes,
        SpoolDirectory = string.IsNullOrWhiteSpace(SpoolDirectory) ? null : SpoolDirectory,
        MaxSpoolBytes = MaxSpoolBytes,
        SpoolFullMode = SpoolFullMode,
        Fsync = Fsync,
        ShutdownTimeout = ShutdownTimeout,
    });

    /// <summary>Changes the queue's options to what the destination needs.</summary>
    protected virtual LogQueueOptions Adapt(LogQueueOptions options) => options;
}
