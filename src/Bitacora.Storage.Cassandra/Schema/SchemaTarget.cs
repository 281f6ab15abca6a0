namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>How a keyspace is to be: what was asked for, else what there is, else the defaults.</summary>
internal sealed record SchemaTarget
{
    private static readonly TimeSpan _defaultTimeToLive = TimeSpan.FromDays(90);

    private SchemaTarget()
    {
    }

    public required string Keyspace { get; init; }

    /// <summary>Replicas in the local datacenter.</summary>
    public required int ReplicationFactor { get; init; }

    /// <summary>Replicas that are said to be there now; 0 where there are none.</summary>
    public required int FoundReplicationFactor { get; init; }

    public required IReadOnlyDictionary<string, string> Replication { get; init; }

    public required SchemaProfile Profile { get; init; }

    /// <summary>How long records of programs live; zero: for ever.</summary>
    public required TimeSpan Application { get; init; }

    /// <summary>The same of infrastructure.</summary>
    public required TimeSpan Infrastructure { get; init; }

    public static SchemaTarget Of(SchemaOptions options, TargetCluster cluster, FoundSchema found)
    {
        var there = found.Replication is { } replication ? Schema.Replication.Factor(replication, cluster.Datacenter) : null;
        var factor = options.ReplicationFactor ?? there ?? 1;
        var profile = options.Profile ?? found.Profile ?? SchemaProfile.Compat;
        var (application, infrastructure) = (Found(LogTables.Application), Found(LogTables.Infrastructure));
        return new SchemaTarget
        {
            Keyspace = options.Keyspace,
            ReplicationFactor = factor,
            FoundReplicationFactor = there ?? 0,
            Replication = found.Replication is null ? Schema.Replication.New(cluster.Datacenter, factor)
                : there == factor ? found.Replication
                : Schema.Replication.With(found.Replication, cluster.Datacenter, factor),
            Profile = cluster.HasIndexes ? profile : SchemaProfile.Scale,
            Application = options.TimeToLive ?? application ?? infrastructure ?? _defaultTimeToLive,
            Infrastructure = options.InfrastructureTimeToLive ?? options.TimeToLive ?? infrastructure ?? application ?? _defaultTimeToLive,
        };

        TimeSpan? Found(string table) => found.Tables.TryGetValue(table, out var there) ? there.TimeToLive : null;
    }

    /// <summary>How long rows of a table live; what belongs to both layers lives as long as the longer of them.</summary>
    public TimeSpan TimeToLive(LogTable table) => table.Name switch
    {
        LogTables.Application => Application,
        LogTables.Infrastructure => Infrastructure,
        _ when Application == TimeSpan.Zero || Infrastructure == TimeSpan.Zero => TimeSpan.Zero,
        _ => Application > Infrastructure ? Application : Infrastructure,
    };
}
