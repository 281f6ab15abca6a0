using System.Security.Cryptography.X509Certificates;

namespace Bitacora.Cql;

/// <summary>
/// TLS between client and nodes. A node's certificate must be valid, signed by a trusted authority and made out to its name.
/// </summary>
public sealed record CqlTlsOptions
{
    /// <summary>The authorities that may sign a node's certificate; none: those that the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The client's certificates with private keys, where the servers ask for one.</summary>
    public X509CertificateCollection? ClientCertificates { get; init; }

    /// <summary>
    /// The name that must be in a node's certificate. Default: the host name of its contact point, else its address. Set it where all
    /// nodes share a certificate.
    /// </summary>
    public string? TargetHost { get; init; }

    /// <summary>
    /// Off: any name is accepted, the signature is still checked. Whoever has any certificate of the authority can then be a node.
    /// </summary>
    public bool CheckHostName { get; init; } = true;
}
