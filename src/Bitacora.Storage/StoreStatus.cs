namespace Bitacora.Storage;

/// <summary>What a store holds and how it is.</summary>
public sealed record StoreStatus
{
    /// <summary>The kind of store: <c>memory</c>, <c>embedded</c>, <c>cassandra</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is: a directory, contact points; empty for memory.</summary>
    public string Location { get; init; } = "";

    /// <summary>Records that queries see.</summary>
    public long Records { get; init; }

    /// <summary>Records of them that are in memory only and in the write-ahead log.</summary>
    public long UnsealedRecords { get; init; }

    /// <summary>Bytes on disk, the write-ahead log aside.</summary>
    public long DiskBytes { get; init; }

    /// <summary>The earliest event time, in units of 100 ns since 1970; null for an empty store.</summary>
    public long? Oldest { get; init; }

    /// <summary>The latest event time; null for an empty store.</summary>
    public long? Newest { get; init; }

    /// <summary>The files, newest first.</summary>
    public IReadOnlyList<FileStatus> Files { get; init; } = [];

    /// <summary>What is wrong now, in words for the person who runs it; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A file of a store.</summary>
/// <param name="Name">Its name within the store.</param>
/// <param name="Oldest">Its earliest event time.</param>
/// <param name="Newest">Its latest event time.</param>
/// <param name="Records">Its records.</param>
/// <param name="Segments">Its segments.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LastSeal">When it was last written.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record FileStatus(
    string Name, long Oldest, long Newest, long Records, int Segments, long Bytes, DateTimeOffset LastSeal, string? Problem);
