using System.Net;

namespace Bitacora.Testing.Cassandra;

/// <summary>A node as <c>system.local</c> and its peers' tables show it. A null is a null there: a half-joined node.</summary>
public sealed record NodeIdentity
{
    public Guid? HostId { get; init; } = Guid.NewGuid();

    /// <summary>Where it takes CQL; filled in when the node has its port.</summary>
    public IPEndPoint? EndPoint { get; init; }

    /// <summary>The key of its row among the peers, where that differs from where it takes CQL.</summary>
    public IPAddress? PeerAddress { get; init; }

    public string? DataCenter { get; init; } = "datacenter1";

    public string? Rack { get; init; } = "rack1";

    public string? ReleaseVersion { get; init; } = "5.0.6";

    public Guid? SchemaVersion { get; init; } = new("2f3ed8c5-51f0-4b0c-9a3d-0b6e6f6a0001");

    public IReadOnlyList<string>? Tokens { get; init; } = ["-9223372036854775807"];
}
