namespace Bitacora.Client;

/// <summary>
/// What became of logs, all of one instant: <c>Accepted = LogsWritten + InRing + InSpool + Dead + DroppedSpool + DroppedRefused +
/// DroppedShutdown</c>. Numbers are of records since the queue was opened.
/// </summary>
public sealed record LogStatistics
{
    /// <summary>Logs that were offered: <c>Accepted</c>, and those that were refused or could not be written down.</summary>
    public long LogsQueued => Accepted + DroppedFull + DroppedClosed + DroppedFailed;

    /// <summary>Logs that the destination has.</summary>
    public long LogsWritten { get; init; }

    /// <summary>All logs that are lost, and why.</summary>
    public long LogsDropped => DroppedFull + DroppedClosed + DroppedFailed + DroppedSpool + DroppedRefused + DroppedShutdown;

    /// <summary>
    /// Logs that were taken; the queue's own records, which say what was dropped, and those that were adopted (<see cref="Adopted"/>) are
    /// among them.
    /// </summary>
    public long Accepted { get; init; }

    /// <summary>Logs that a process left that has ended, and that this one took over.</summary>
    public long Adopted { get; init; }

    /// <summary>Refused because the queue was full.</summary>
    public long DroppedFull { get; init; }

    /// <summary>Refused because the queue was closed.</summary>
    public long DroppedClosed { get; init; }

    /// <summary>
    /// Could not be written down: calls too deep within other log calls (a <see cref="object.ToString"/> that logs itself), and calls whose
    /// writing failed as a whole.
    /// </summary>
    public long DroppedFailed { get; init; }

    /// <summary>Taken, and given way in a full spool (<see cref="SpoolFullMode.DropOldest"/>).</summary>
    public long DroppedSpool { get; init; }

    /// <summary>Taken, refused by the destination for good and not kept, because there is no spool or its dead letters are full.</summary>
    public long DroppedRefused { get; init; }

    /// <summary>Taken, and in memory when the time to stop was over.</summary>
    public long DroppedShutdown { get; init; }

    /// <summary>
    /// <see cref="DroppedFull"/>, <see cref="DroppedClosed"/>, <see cref="DroppedFailed"/>, <see cref="DroppedSpool"/> and
    /// <see cref="DroppedShutdown"/> by level, from TRACE to CRITICAL.
    /// </summary>
    public IReadOnlyList<long> DroppedByLevel { get; init; } = [0, 0, 0, 0, 0, 0];

    /// <summary>Refused by the destination for good, and kept as dead letters in the spool.</summary>
    public long Dead { get; init; }

    /// <summary>In the queue, or on the way from there.</summary>
    public long InRing { get; init; }

    /// <summary>In the spool; without one, those of refused batches that are being taken apart.</summary>
    public long InSpool { get; init; }

    /// <summary>Bytes of the queue that are used.</summary>
    public long RingBytes { get; init; }

    /// <summary>Bytes of the spool's files, without dead letters.</summary>
    public long SpoolBytes { get; init; }

    /// <summary>Batches that the destination has.</summary>
    public long Batches { get; init; }

    /// <summary>Requests that failed, or that the destination refused.</summary>
    public long Errors { get; init; }

    /// <summary>Requests after the first of each batch.</summary>
    public long Retries { get; init; }

    /// <summary>Records that went into the spool.</summary>
    public long Spooled { get; init; }

    /// <summary>Records that the destination has from there.</summary>
    public long Replayed { get; init; }

    /// <summary>How long the oldest record waits that is not delivered; zero where none waits.</summary>
    public TimeSpan OldestUnsentAge { get; init; }

    /// <summary>Why a request failed last; without secrets, at most 200 characters.</summary>
    public string? LastError { get; init; }

    /// <summary>Whether the destination did not answer when it was asked last.</summary>
    public bool IsDestinationAway { get; init; }

    /// <summary>Whether logs wait in the spool.</summary>
    public bool IsSpooling { get; init; }

    /// <summary>Whether the spool has as many bytes as it may.</summary>
    public bool IsSpoolFull { get; init; }

    /// <summary>Why the spool cannot be used though one is wanted, so that memory must do; null where it can.</summary>
    public string? SpoolProblem { get; init; }

    /// <summary>Whether the queue itself survives the process.</summary>
    public bool IsQueueOnDisk { get; init; }
}
