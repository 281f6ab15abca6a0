using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>What a <see cref="LogQueue"/> holds, and how it sends.</summary>
public sealed record LogQueueOptions
{
    /// <summary>The most records of a batch. Default 100; 1 to 16,384.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>How long after its first record a batch is sent though it is not full. Default 1 s; 1 ms to 1 h.</summary>
    public TimeSpan FlushPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most logs in the queue; the last eighth is for WARNING and above. Default 10,000; 16 to 1,000,000.</summary>
    public int QueueCapacity { get; init; } = 10_000;

    /// <summary>
    /// The most bytes of logs in the queue; the last eighth is for WARNING and above, and one log takes at most a quarter. Default 4 MiB;
    /// 64 KiB to 1 GiB. Memory (or the spool's file) is taken for it at once, up to the next power of two.
    /// </summary>
    public int QueueBytes { get; init; } = 4 << 20;

    /// <summary>The bytes at which a batch is sent; the last record may lie beyond. Default 1 MiB; 1 KiB to 4 MiB.</summary>
    public int MaxBatchBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Where logs are kept that cannot be sent, and the queue itself, so that both survive the process. Several processes may share one.
    /// Null, the default: memory only.
    /// </summary>
    public string? SpoolDirectory { get; init; }

    /// <summary>
    /// Names where logs go, without secrets; it stands in the spool. Logs that another application left there (another
    /// <see cref="LogWriterIdentity.Source"/>) are taken over only if they were to go to a destination of the same name. Null, the default:
    /// this queue takes over only what the same application left.
    /// </summary>
    public string? Destination { get; init; }

    /// <summary>The most bytes of this process's batches in the spool. Default 1 GiB; 1 MiB to 1 TiB.</summary>
    public long MaxSpoolBytes { get; init; } = 1L << 30;

    /// <summary>What happens when that is reached. Default <see cref="SpoolFullMode.DropNewest"/>.</summary>
    public SpoolFullMode SpoolFullMode { get; init; }

    /// <summary>When the spool is safe from a loss of power. Default <see cref="SpoolFsync.None"/>.</summary>
    public SpoolFsync Fsync { get; init; }

    /// <summary>How long disposal may take. Default 5 s; 0 to 10 min.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the destination wants one caller, who gives batches in ascending order of sequence: then none is sent directly. Default
    /// false: up to 5 are sent at once.
    /// </summary>
    public bool Ordered { get; init; }

    /// <summary>All that is wrong with these options, one sentence each, with what is allowed; empty when they can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(nameof(BatchSize), BatchSize, 1, RecordBatch.MaxRecords);
        CheckTime(nameof(FlushPeriod), FlushPeriod, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Check(nameof(QueueCapacity), QueueCapacity, 16, 1_000_000);
        Check(nameof(QueueBytes), QueueBytes, 64 << 10, 1 << 30);
        Check(nameof(MaxBatchBytes), MaxBatchBytes, 1 << 10, 4 << 20);
        Check(nameof(MaxSpoolBytes), MaxSpoolBytes, 1 << 20, 1L << 40);
        CheckTime(nameof(ShutdownTimeout), ShutdownTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        CheckName(nameof(SpoolFullMode), SpoolFullMode);
        CheckName(nameof(Fsync), Fsync);
        if (SpoolDirectory is { } directory && (directory.Trim().Length == 0 || directory.Contains('\0')))
        {
            faults.Add($"{nameof(SpoolDirectory)} is \"{directory}\"; it must be a directory's path, or be left out.");
        }

        return faults;

        void Check(string name, long value, long least, long most)
        {
            if (value < least || value > most)
            {
                faults.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{name} is {value:N0}; it must lie between {least:N0} and {most:N0}."));
            }
        }

        void CheckTime(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{name} is {value}; it must lie between {least} and {most}.");
            }
        }

        void CheckName<T>(string name, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                faults.Add($"{name} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
            }
        }
    }
}
