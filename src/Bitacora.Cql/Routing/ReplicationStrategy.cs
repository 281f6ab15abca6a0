using System.Globalization;
using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>Where a keyspace keeps its replicas, from the owner of a token on around the ring.</summary>
internal abstract class ReplicationStrategy
{
    /// <summary>
    /// From <c>system_schema.keyspaces</c>; null if it is a strategy that names no nodes (local, everywhere, or a stranger's).
    /// </summary>
    public static ReplicationStrategy? Parse(IReadOnlyDictionary<string, string> replication)
    {
        var name = replication.GetValueOrDefault("class", "");
        if (name.EndsWith(".SimpleStrategy", StringComparison.Ordinal) || name == "SimpleStrategy")
        {
            return new SimpleStrategy(Factor(replication.GetValueOrDefault("replication_factor", "1")));
        }

        if (name.EndsWith(".NetworkTopologyStrategy", StringComparison.Ordinal) || name == "NetworkTopologyStrategy")
        {
            return new NetworkTopologyStrategy(
                replication.Where(entry => entry.Key != "class").ToDictionary(entry => entry.Key, entry => Factor(entry.Value)));
        }

        return null;
    }

    public abstract Node[] Replicas(TokenRing ring, int index);

    // "3/1" is three replicas of which one is transient.
    private static int Factor(string text) =>
        int.TryParse(text.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var factor) ? factor : 1;
}
