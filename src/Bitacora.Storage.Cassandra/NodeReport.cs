namespace Bitacora.Storage.Cassandra;

/// <summary>What a node says about itself and the others.</summary>
public sealed record NodeReport
{
    /// <summary>What it keeps when its address changes.</summary>
    public required Guid HostId { get; init; }

    /// <summary>Where it takes requests.</summary>
    public required string Address { get; init; }

    /// <summary>Its datacenter.</summary>
    public required string Datacenter { get; init; }

    /// <summary>Its rack.</summary>
    public required string Rack { get; init; }

    /// <summary>Its version of Cassandra.</summary>
    public required string ReleaseVersion { get; init; }

    /// <summary>Why it could not be asked; null if it answered. If not, nothing below is known.</summary>
    public string? Fault { get; init; }

    /// <summary>The nodes as it sees them, itself too, by address.</summary>
    public IReadOnlyList<PeerReport> Peers { get; init; } = [];

    /// <summary>The keyspace's tables on this node, by name.</summary>
    public IReadOnlyList<TableReport> Tables { get; init; } = [];

    /// <summary>On disk, all keyspaces; each table is counted in whole MiB.</summary>
    public long DiskMebibytes { get; init; }

    /// <summary>Tasks that wait for a thread of compaction. What the tables' strategies have yet to plan is in no table.</summary>
    public int PendingCompactions { get; init; }

    /// <summary>Compactions, flushes of indexes, scrubs and the like that run now.</summary>
    public IReadOnlyList<CompactionReport> RunningTasks { get; init; } = [];

    /// <summary>When acknowledged writes are on disk.</summary>
    public CommitLogReport? CommitLog { get; init; }
}
