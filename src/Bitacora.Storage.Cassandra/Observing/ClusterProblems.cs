namespace Bitacora.Storage.Cassandra.Observing;

/// <summary>What of a cluster's report somebody has to do something about.</summary>
internal static class ClusterProblems
{
    // A node that has left is told of for three days more.
    private static readonly string[] _gone = ["LEFT", "removed", "REMOVED_TOKEN"];

    public static IEnumerable<string> Of(IReadOnlyList<NodeReport> nodes)
    {
        var asked = nodes.Where(node => node.Fault is null).ToList();
        foreach (var node in nodes)
        {
            var seen = asked.SelectMany(observer => observer.Peers)
                .Where(peer => peer.HostId == node.HostId && !_gone.Contains(peer.Status)).ToList();
            var up = seen.Count(peer => peer.IsUp);
            if (node.Fault is not null && up == 0)
            {
                yield return $"The node {node.Address} is down: {node.Fault}";
            }
            else if (up < seen.Count)
            {
                yield return $"The node {node.Address} is up for {up} of {seen.Count} nodes.";
            }
            else if (node.Fault is not null && asked.Any(observer => observer.Datacenter == node.Datacenter))
            {
                // Nodes of other datacenters are not connected to, on purpose.
                yield return $"The node {node.Address} is up for the others, but does not answer here: {node.Fault}";
            }

            if (seen.Find(peer => peer.DiskState is "STUFFED" or "FULL") is { } full)
            {
                var state = full.DiskState == "FULL" ? "full: it takes no writes" : "nearly full";
                yield return $"The disk of the node {node.Address} is {state}.";
            }
        }
    }
}
