using System.Net;

namespace Bitacora.Cql.Cluster;

/// <summary>A node as the system tables describe it. It is known by its host id: addresses change.</summary>
internal sealed record NodeInfo(
    Guid HostId, IPEndPoint EndPoint, string Datacenter, string Rack, string Version, long[] Tokens);
