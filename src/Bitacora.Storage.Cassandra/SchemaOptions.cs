namespace Bitacora.Storage.Cassandra;

/// <summary>
/// How the keyspace of the logs is to be. What is null stays as it is found; where nothing is found, it becomes what is said here.
/// </summary>
public sealed record SchemaOptions
{
    /// <summary>The keyspace unless another is named.</summary>
    public const string DefaultKeyspace = "logging";

    /// <summary>The longest that Cassandra lets a row live.</summary>
    public static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(7300);

    /// <summary>The most records a second for which a layout can be made: more need more partitions than a bucket may have.</summary>
    public const int MaxRate = 5_000_000;

    /// <summary>The most replicas that can be asked for.</summary>
    public const int MaxReplicationFactor = 100;

    /// <summary>The keyspace. Default <c>logging</c>.</summary>
    public string Keyspace { get; init; } = DefaultKeyspace;

    /// <summary>Replicas in the local datacenter, 1 to 100. Default for a new keyspace: 1.</summary>
    public int? ReplicationFactor { get; init; }

    /// <summary>How long records live, 1 s to 7,300 days; whole seconds. Default for a new keyspace: 90 days.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The same for the layer infrastructure, where it differs.</summary>
    public TimeSpan? InfrastructureTimeToLive { get; init; }

    /// <summary>Whether there are indexes. Default for a new keyspace: compat from Cassandra 5.0 on, else scale.</summary>
    public SchemaProfile? Profile { get; init; }

    /// <summary>Records a second at the busiest time, 1 to 5,000,000: a layout is made for it. Default: the layout that there is.</summary>
    public int? Rate { get; init; }

    /// <summary>Whether a text can be the keyspace: lower-case letters, digits and _, at most 48, none of Cassandra's own.</summary>
    public static bool IsKeyspaceName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is >= 1 and <= 48 && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            && name != "system" && !name.StartsWith("system_", StringComparison.Ordinal);
    }

    /// <summary>Throws an <see cref="ArgumentException"/> that names every fault.</summary>
    internal void Validate()
    {
        var faults = new List<string>();
        Check(IsKeyspaceName(Keyspace), $"{nameof(Keyspace)} '{Keyspace}' is no name of a keyspace");
        Check(
            ReplicationFactor is null or (>= 1 and <= MaxReplicationFactor),
            $"{nameof(ReplicationFactor)} is {ReplicationFactor}, allowed are 1 to {MaxReplicationFactor}");
        Check(IsTimeToLive(TimeToLive), $"{nameof(TimeToLive)} is {TimeToLive}, allowed are 1 s to 7300 days");
        Check(
            IsTimeToLive(InfrastructureTimeToLive),
            $"{nameof(InfrastructureTimeToLive)} is {InfrastructureTimeToLive}, allowed are 1 s to 7300 days");
        Check(Rate is null or (>= 1 and <= MaxRate), $"{nameof(Rate)} is {Rate}, allowed are 1 to {MaxRate}");
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults) + ".");
        }

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static bool IsTimeToLive(TimeSpan? time) => time is null || (time >= TimeSpan.FromSeconds(1) && time <= MaxTimeToLive);
}
