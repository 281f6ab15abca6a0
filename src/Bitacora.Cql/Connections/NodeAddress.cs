using System.Net;

namespace Bitacora.Cql.Connections;

/// <summary>Where a node listens, and by which name its certificate is checked.</summary>
internal sealed record NodeAddress(IPEndPoint EndPoint, string? HostName)
{
    public override string ToString() => HostName is null ? EndPoint.ToString() : $"{HostName} ({EndPoint})";
}
