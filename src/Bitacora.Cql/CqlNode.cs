using System.Net;

namespace Bitacora.Cql;

/// <summary>A node as the session sees it.</summary>
/// <param name="HostId">What it keeps when its address changes.</param>
/// <param name="EndPoint">Where it takes requests.</param>
/// <param name="Datacenter">Its datacenter.</param>
/// <param name="Rack">Its rack.</param>
/// <param name="ReleaseVersion">Its version of Cassandra.</param>
/// <param name="Connections">Open connections to it; none to nodes of other datacenters.</param>
public sealed record CqlNode(Guid HostId, IPEndPoint EndPoint, string Datacenter, string Rack, string ReleaseVersion, int Connections);
