using System.Collections.Frozen;
using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>The cluster as it was at one moment; replaced as a whole when it changes.</summary>
internal sealed class ClusterView
{
    private readonly FrozenDictionary<string, ReplicaMap> _keyspaces;

    public ClusterView(IReadOnlyList<Node> nodes, IReadOnlyDictionary<string, ReplicationStrategy> keyspaces)
    {
        Nodes = nodes;
        LocalNodes = [.. nodes.Where(node => node.IsLocal)];
        Keyspaces = keyspaces;
        var ring = new TokenRing(nodes);
        _keyspaces = keyspaces.ToFrozenDictionary(entry => entry.Key, entry => new ReplicaMap(ring, entry.Value));
    }

    public static ClusterView Empty { get; } = new([], new Dictionary<string, ReplicationStrategy>());

    public IReadOnlyList<Node> Nodes { get; }

    public Node[] LocalNodes { get; }

    public IReadOnlyDictionary<string, ReplicationStrategy> Keyspaces { get; }

    /// <summary>The nodes that have the rows of a token; none if that is not known.</summary>
    public ReadOnlySpan<Node> Replicas(string keyspace, long token) =>
        _keyspaces.TryGetValue(keyspace, out var map) ? map.Of(token) : default;
}
