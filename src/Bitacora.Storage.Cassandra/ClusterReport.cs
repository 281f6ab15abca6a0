using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Observing;

namespace Bitacora.Storage.Cassandra;

/// <summary>
/// What a cluster says about itself, node by node, through CQL's virtual tables alone. Plain values, for people and for JSON. It cannot say
/// how much space is free, for no table has it: how full a node's disk is shows only where the guardrail is on
/// (<see cref="PeerReport.DiskState"/>).
/// </summary>
/// <param name="Time">When it was made.</param>
/// <param name="Nodes">All nodes that are known, those that could not be asked too; by datacenter, rack and address.</param>
public sealed record ClusterReport(DateTimeOffset Time, IReadOnlyList<NodeReport> Nodes)
{
    /// <summary>What the original asks of a write: 1 ms. To compare <see cref="TableReport"/>'s latencies with.</summary>
    public const double WriteGoalMilliseconds = 1;

    /// <summary>
    /// What is wrong, one sentence each; empty when all is well: nodes that are down, or cannot be asked, or whose disk is full.
    /// </summary>
    public IReadOnlyList<string> Problems => [.. ClusterProblems.Of(Nodes)];

    /// <summary>
    /// Asks every node of the session's datacenter for itself, all at once. Takes 3 s, since a node is up only if its heartbeat moves, and
    /// up to 5 s more for a node that does not answer.
    /// </summary>
    /// <param name="session">The cluster.</param>
    /// <param name="keyspace">Whose tables are reported.</param>
    /// <param name="clock">For the time between the two looks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ClusterReport> ReadAsync(
        CqlSession session, string keyspace, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(keyspace);
        ArgumentNullException.ThrowIfNull(clock);
        return new ClusterObserver(session, keyspace, clock).ObserveAsync(cancellationToken);
    }
}
