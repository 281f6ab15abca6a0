using Bitacora.Cql;
using Bitacora.Delivery;

namespace Bitacora.Storage.Cassandra;

/// <summary>How the store on a cluster works.</summary>
public sealed record CassandraStoreOptions
{
    /// <summary>How to reach the cluster.</summary>
    public required CqlOptions Cluster { get; init; }

    /// <summary>The keyspace. Default <c>logging</c>.</summary>
    public string Keyspace { get; init; } = "logging";

    /// <summary>
    /// A directory of this server alone, beside its write-ahead log: which records were written together, and which positions came. Made
    /// if missing.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>How many replicas must have a write. Default: a majority in the local datacenter.</summary>
    public Consistency WriteConsistency { get; init; } = Consistency.LocalQuorum;

    /// <summary>
    /// How many replicas a read asks. Default: a majority in the local datacenter; answers at less are said to be possibly incomplete.
    /// </summary>
    public Consistency ReadConsistency { get; init; } = Consistency.LocalQuorum;

    /// <summary>How long records wait for others to be written with. Default 1 s.</summary>
    public TimeSpan GatherFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Slices that are being written at once. Default 32.</summary>
    public int SlicesInFlight { get; init; } = 32;

    /// <summary>Bytes of records that wait in memory for the cluster; more wait in the write-ahead log. Default 32 MiB.</summary>
    public long PendingBytes { get; init; } = 32L << 20;

    /// <summary>
    /// How long written records stay in the write-ahead log, to be sent again should a replica go away. Default: two periods of the
    /// cluster's commit log, at least 20 s.
    /// </summary>
    public TimeSpan? ResendWindow { get; init; }

    /// <summary>
    /// Reads batches back from the write-ahead log, first to last, to send them again. Null: they are kept in memory for the
    /// <see cref="ResendWindow"/>.
    /// </summary>
    public Func<ulong, ulong, IEnumerable<WalEntry>>? ReadBack { get; init; }

    /// <summary>The longest a query may take. Default 30 s.</summary>
    public TimeSpan QueryDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Queries at once; others wait. Default 8.</summary>
    public int ConcurrentQueries { get; init; } = 8;

    /// <summary>Reads of one query at once. Default 16.</summary>
    public int ConcurrentReads { get; init; } = 16;

    /// <summary>How often layouts, lifetimes and the cluster's clock are read again.</summary>
    internal TimeSpan LearnEvery { get; init; } = TimeSpan.FromSeconds(30);
}
