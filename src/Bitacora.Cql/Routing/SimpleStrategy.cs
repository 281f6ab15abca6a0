using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>The next so many nodes, whatever their datacenter.</summary>
internal sealed class SimpleStrategy(int factor) : ReplicationStrategy
{
    public override Node[] Replicas(TokenRing ring, int index) => [.. ring.From(index).Distinct().Take(factor)];
}
