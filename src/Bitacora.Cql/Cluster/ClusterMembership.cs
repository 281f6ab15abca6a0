using System.Net;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Routing;
using Bitacora.Cql.Sessions;

namespace Bitacora.Cql.Cluster;

/// <summary>
/// The nodes and their pools. A new topology is applied to what is there: nodes that stay keep their connections. Changed by the control
/// connection's loop alone.
/// </summary>
internal sealed class ClusterMembership(Router router, SessionParts parts) : IAsyncDisposable
{
    private readonly Dictionary<Guid, (Node Node, NodePool? Pool)> _members = [];
    private readonly List<Task> _leaving = [];
    private string? _datacenter = parts.Options.LocalDatacenter;

    public string Datacenter => _datacenter ?? "";

    /// <summary>The names by which contact points were given: their certificates have them.</summary>
    public IReadOnlyDictionary<IPEndPoint, string> HostNames { get; set; } = new Dictionary<IPEndPoint, string>();

    public void Apply(Topology topology)
    {
        _datacenter ??= topology.Nodes[0].Datacenter;
        if (topology.Nodes.All(node => node.Datacenter != _datacenter))
        {
            var known = string.Join(", ", topology.Nodes.Select(node => node.Datacenter).Distinct().Order());
            throw new CqlConnectionException(
                $"the cluster has no datacenter '{_datacenter}', it has {known}; correct {nameof(CqlOptions.LocalDatacenter)}");
        }

        var (before, added) = (_members.Count, topology.Nodes.Count(info => !_members.ContainsKey(info.HostId)));
        RemoveAllBut(topology.Nodes);
        foreach (var info in topology.Nodes)
        {
            Add(info);
        }

        router.View = new ClusterView([.. topology.Nodes.Select(info => _members[info.HostId].Node)], topology.Keyspaces);
        parts.Availability.Raise();
        if (before > 0 && (added > 0 || _members.Count != before))
        {
            Log.NodesChanged(parts.Logger, _members.Count, added, before + added - _members.Count);
        }
    }

    /// <summary>A node is said to be up.</summary>
    public void Wake(IPEndPoint endPoint)
    {
        foreach (var (_, pool) in _members.Values.Where(member => member.Node.EndPoint.Equals(endPoint)))
        {
            pool?.Wake();
        }
    }

    /// <summary>A node is said to be down: events lie, so its connections are asked.</summary>
    public void Doubt(IPEndPoint endPoint)
    {
        foreach (var connection in _members.Values.Where(member => member.Node.EndPoint.Equals(endPoint))
                     .SelectMany(member => member.Node.Connections))
        {
            connection.Doubt();
        }
    }

    public async ValueTask DisposeAsync()
    {
        RemoveAllBut([]);
        await Task.WhenAll(_leaving).ConfigureAwait(false);
    }

    private void Add(NodeInfo info)
    {
        if (_members.TryGetValue(info.HostId, out var member))
        {
            member.Node.Info = info;
            return;
        }

        var node = new Node(info, info.Datacenter == _datacenter);
        var address = new NodeAddress(info.EndPoint, HostNames.GetValueOrDefault(info.EndPoint));
        _members[info.HostId] = (node, node.IsLocal ? new NodePool(node, address, parts) : null);
    }

    /// <summary>A node that moved to another address or datacenter leaves and joins.</summary>
    private void RemoveAllBut(IReadOnlyList<NodeInfo> nodes)
    {
        _leaving.RemoveAll(task => task.IsCompleted);
        foreach (var (id, (node, pool)) in _members.ToArray())
        {
            var isSame = nodes.Any(info => info.HostId == id && info.EndPoint.Equals(node.EndPoint) &&
                info.Datacenter == node.Info.Datacenter);
            if (!isSame)
            {
                _members.Remove(id);
                _leaving.Add(pool?.DisposeAsync().AsTask() ?? Task.CompletedTask);
            }
        }
    }
}
