using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra;

/// <summary>How to reach a cluster, as configuration and flags write it.</summary>
public sealed record ClusterSettings
{
    /// <summary>Nodes to begin with: <c>db1</c>, <c>10.0.0.2:9043</c>, <c>[::1]:9042</c>. Default: none.</summary>
    public IReadOnlyList<string> ContactPoints { get; init; } = [];

    /// <summary>The keyspace of the logs. Default <c>logging</c>.</summary>
    public string Keyspace { get; init; } = SchemaOptions.DefaultKeyspace;

    /// <summary>The datacenter whose nodes are used. Default: that of the node which answers first.</summary>
    public string? LocalDatacenter { get; init; }

    /// <summary>The user. Default: none.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>Whether to speak TLS. Default false.</summary>
    public bool Tls { get; init; }

    /// <summary>A file of the authorities (PEM) that sign the nodes' certificates. Default: those of this machine.</summary>
    public string? TlsAuthorities { get; init; }

    /// <summary>A file with this client's certificate (PEM), where the cluster asks for one. Default: none.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>A file with the certificate's key (PEM). Default: it stands with the certificate.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Whether a node's certificate must be for the node's name. Default true.</summary>
    public bool TlsVerifyName { get; init; } = true;

    /// <summary>What the client needs.</summary>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or holds no certificate.</exception>
    public CqlOptions ToCqlOptions(TimeProvider clock) => new()
    {
        ContactPoints = ContactPoints,
        LocalDatacenter = LocalDatacenter,
        Credentials = Username is null ? null : new CqlCredentials(Username, Password ?? ""),
        Tls = Tls || TlsAuthorities is not null || TlsCertificate is not null || !TlsVerifyName
            ? new CqlTlsOptions
            {
                Authorities = TlsAuthorities is null ? null : Authorities(TlsAuthorities),
                ClientCertificates = TlsCertificate is null
                    ? null
                    : [Read("tls-cert", TlsCertificate, file => X509Certificate2.CreateFromPemFile(file, TlsKey))],
                CheckHostName = TlsVerifyName,
            }
            : null,
        ApplicationName = "bitacora",
        TimeProvider = clock,
    };

    /// <summary>
    /// Whether a text can be a contact point: one colon, or one behind brackets, leads to a port; more are an IPv6 address.
    /// </summary>
    public static bool IsContactPoint(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var hasPort = colon == 0 || (colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon));
        return text.Trim().Length > 0
            && (!hasPort || (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0));
    }

    /// <summary>The password is not shown.</summary>
    public override string ToString() => $"{string.Join(',', ContactPoints)}/{Keyspace}";

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        Read("tls-ca", file, path =>
        {
            authorities.ImportFromPemFile(path);
            return authorities;
        });
        return authorities.Count > 0
            ? authorities
            : throw new InvalidDataException($"tls-ca: {file} holds no certificate; it must be PEM: -----BEGIN CERTIFICATE-----.");
    }

    private static T Read<T>(string option, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{option}: {file} cannot be read: {e.Message}", e);
        }
    }
}
