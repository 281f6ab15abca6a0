using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>The replicas of each place on the ring, worked out for a keyspace when it is first asked for.</summary>
internal sealed class ReplicaMap(TokenRing ring, ReplicationStrategy strategy)
{
    private readonly Lazy<Node[][]> _replicas =
        new(() => [.. Enumerable.Range(0, ring.Count).Select(index => strategy.Replicas(ring, index))]);

    public ReadOnlySpan<Node> Of(long token) => ring.Count == 0 ? default : _replicas.Value[ring.IndexOf(token)];
}
