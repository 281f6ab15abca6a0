using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>So many nodes of each datacenter, of different racks as long as there are racks without a replica.</summary>
internal sealed class NetworkTopologyStrategy(IReadOnlyDictionary<string, int> factors) : ReplicationStrategy
{
    public override Node[] Replicas(TokenRing ring, int index) =>
        [.. factors.SelectMany(factor => Replicas(ring, index, factor.Key, factor.Value))];

    private static List<Node> Replicas(TokenRing ring, int index, string datacenter, int factor)
    {
        var racks = ring.Nodes.Where(node => node.Info.Datacenter == datacenter).Select(node => node.Info.Rack).Distinct().Count();
        var replicas = new List<Node>(factor);
        var usedRacks = new HashSet<string>();
        var passedOver = new List<Node>();
        foreach (var node in ring.From(index).Where(node => node.Info.Datacenter == datacenter).Distinct())
        {
            if (replicas.Count == factor)
            {
                break;
            }

            if (usedRacks.Count == racks || usedRacks.Add(node.Info.Rack))
            {
                replicas.Add(node);
            }
            else
            {
                passedOver.Add(node);
            }

            if (usedRacks.Count == racks)
            {
                // Every rack has one: those that were passed over come first, in their order.
                replicas.AddRange(passedOver.Take(factor - replicas.Count));
                passedOver.Clear();
            }
        }

        return replicas;
    }
}
