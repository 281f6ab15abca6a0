using System.Net;
using System.Net.Security;

namespace Bitacora.Testing.Cassandra;

/// <summary>What a node is from its start on.</summary>
public sealed record FakeNodeOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Protocol versions that STARTUP accepts.</summary>
    public IReadOnlyList<int> Versions { get; init; } = [4, 5];

    /// <summary>What OPTIONS is told about versions, as Cassandra spells it.</summary>
    public IReadOnlyList<string> SupportedVersions { get; init; } = ["3/v3", "4/v4", "5/v5", "6/v6-beta"];

    /// <summary>Asks clients for a name and a password.</summary>
    public FakeAuthenticator? Authenticator { get; init; }

    /// <summary>Encrypts every connection.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>Largest payload of a segment that the node sends, at most 131,071; a smaller one makes many slices.</summary>
    public int SegmentPayload { get; init; } = 131071;

    /// <summary>Largest number of bytes in one write to the socket.</summary>
    public int WriteSize { get; init; } = int.MaxValue;

    /// <summary>Larger request bodies are refused with the error that Cassandra gives.</summary>
    public int LargestMessage { get; init; } = 16 * 1024 * 1024;

    public string ClusterName { get; init; } = "fake";

    public NodeIdentity Identity { get; init; } = new();
}
