using System.Net;
using Bitacora.Cql.Connections;

namespace Bitacora.Cql.Cluster;

/// <summary>A node and its open connections.</summary>
internal sealed class Node(NodeInfo info, bool isLocal)
{
    private volatile NodeInfo _info = info;
    private volatile Connection[] _connections = [];
    private volatile CqlException? _lastFault;

    /// <summary>Its tokens may change while its connections stay.</summary>
    public NodeInfo Info
    {
        get => _info;
        set => _info = value;
    }

    public IPEndPoint EndPoint => Info.EndPoint;

    /// <summary>In the datacenter whose nodes are used.</summary>
    public bool IsLocal { get; } = isLocal;

    /// <summary>Changed by its pool alone, as a whole.</summary>
    public Connection[] Connections
    {
        get => _connections;
        set => _connections = value;
    }

    /// <summary>Why it has no connection.</summary>
    public CqlException? LastFault
    {
        get => _lastFault;
        set => _lastFault = value;
    }

    /// <summary>Of its connections that take requests the one with the fewest; null: there is none.</summary>
    public Connection? LeastBusy
    {
        get
        {
            Connection? best = null;
            foreach (var connection in _connections)
            {
                if (connection.IsUsable && (best is null || connection.Load < best.Load))
                {
                    best = connection;
                }
            }

            return best;
        }
    }
}
