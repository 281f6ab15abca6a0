namespace Bitacora.Storage.Embedded;

/// <summary>Settings of an <see cref="EmbeddedLogStore"/>.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>The data directory. Made if missing; one store at a time has it.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Records whose event time is older than this go, a whole day's file at a time; null (the default) keeps everything.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How old the records in memory may become before they are written to files, however few. Default 15 minutes.</summary>
    public TimeSpan SealAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Records in memory at which they are written to files as one segment, 1,000 to 1,048,576. Default 65,536: four row groups. Small
    /// segments cost more processor time a record and more disk; up to four of them are in memory.
    /// </summary>
    public int SegmentRows { get; init; } = 65_536;

    /// <summary>The longest that a query may run, whatever it asks for; then its answer is partial. Default 30 seconds.</summary>
    public TimeSpan QueryDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Queries that run at the same time; more wait their turn. Default 4.</summary>
    public int ConcurrentQueries { get; init; } = 4;

    /// <summary>
    /// DuckDB's memory in MiB; above it, it spills to the data directory. Default 192: what it keeps of sealed data makes an idle server
    /// large.
    /// </summary>
    public int EngineMemoryMegabytes { get; init; } = 192;

    /// <summary>Threads of DuckDB, shared by sealing and all queries. Default: the machine's processors, at most 8.</summary>
    public int EngineThreads { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>
    /// Told why records cannot be written to files, once a reason, and null when they can be again. Meanwhile they are in memory and in
    /// the write-ahead log. Called by the task that seals; it must not throw.
    /// </summary>
    public Action<string?>? SealingProblemChanged { get; init; }

    /// <summary>Memory of all answers that wait for their readers.</summary>
    internal long HeldAnswerBytes { get; init; } = HeldAnswers.DefaultCapacity;

    /// <summary>Ends the process when the store cannot go on; null: <see cref="Environment.FailFast(string, Exception)"/>.</summary>
    internal Action<string, Exception>? FailFast { get; init; }
}
