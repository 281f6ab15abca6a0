using Bitacora.Cql.Cluster;
using Bitacora.Cql.Connections;

namespace Bitacora.Cql.Routing;

/// <summary>
/// Chooses where a request goes: a replica of its row in the local datacenter, else any node there; of two at random the less busy one,
/// which spreads load almost as well as comparing all. Nodes that have failed this request come last. Allocates nothing.
/// </summary>
internal sealed class Router(Random random)
{
    private volatile ClusterView _view = ClusterView.Empty;

    public ClusterView View
    {
        get => _view;
        set => _view = value;
    }

    /// <summary>Null: no node of the local datacenter has a connection.</summary>
    public (Node Node, Connection Connection)? Choose(string? keyspace, long? token, in TriedNodes tried)
    {
        var view = _view;
        if (keyspace is not null && token is { } position &&
            Choose(view.Replicas(keyspace, position), in tried, mayRepeat: false) is { } replica)
        {
            return replica;
        }

        return Choose(view.LocalNodes, in tried, mayRepeat: false) ?? Choose(view.LocalNodes, in tried, mayRepeat: true);
    }

    /// <summary>The node with a host id; null if there is none.</summary>
    public Node? Find(Guid hostId)
    {
        foreach (var node in _view.Nodes)
        {
            if (node.Info.HostId == hostId)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Whether there is a node that has not been tried.</summary>
    public bool HasOther(in TriedNodes tried) => Choose(_view.LocalNodes, in tried, mayRepeat: false) is not null;

    private (Node Node, Connection Connection)? Choose(ReadOnlySpan<Node> nodes, in TriedNodes tried, bool mayRepeat)
    {
        Node? firstNode = null, secondNode = null;
        Connection? first = null, second = null;
        var seen = 0;
        foreach (var node in nodes)
        {
            if (!node.IsLocal || (!mayRepeat && tried.Contains(node)) || node.LeastBusy is not { } connection)
            {
                continue;
            }

            // Two of all, each pair as likely as any other, in one pass.
            seen++;
            var place = seen <= 2 ? seen - 1 : random.Next(seen);
            if (place == 0)
            {
                (firstNode, first) = (node, connection);
            }
            else if (place == 1)
            {
                (secondNode, second) = (node, connection);
            }
        }

        return first is null ? null
            : second is null ? (firstNode!, first)
            : IsBetter(second, first) ? (secondNode!, second) : (firstNode!, first);
    }

    private bool IsBetter(Connection one, Connection other)
    {
        var difference = one.Load - other.Load;
        return difference < 0 || (difference == 0 && random.Next(2) == 0);
    }
}
