using System.Security.Cryptography.X509Certificates;
using Bitacora.Testing.Cassandra;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>A node that takes only TLS with a client's certificate, and asks for user and password.</summary>
public sealed class SecureNode : IAsyncLifetime
{
    private readonly FakeCertificates _certificates = new();
    private CassandraCluster? _cluster;

    public IReadOnlyList<string> ContactPoints => _cluster!.ContactPoints;

    public X509Certificate2 Authority => _certificates.Authority;

    public async ValueTask InitializeAsync()
    {
        if (CassandraHome.Ordinary is not { } home)
        {
            return;
        }

        // The node's address depends on its folder, which the script chooses: the certificate is for a name, which clients are told.
        var certificate = _certificates.ForLoopback();
        _cluster = await CassandraCluster.StartAsync(home, yaml: $"""
            authenticator: PasswordAuthenticator
            authorizer: CassandraAuthorizer
            client_encryption_options:
              enabled: true
              optional: false
              require_client_auth: true
              ssl_context_factory:
                class_name: org.apache.cassandra.security.PEMBasedSslContextFactory
                parameters:
                  private_key: |
            {Pem(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}
            {Pem(certificate.ExportCertificatePem())}
            {Pem(Authority.ExportCertificatePem())}
                  trusted_certificates: |
            {Pem(Authority.ExportCertificatePem())}
            """);
    }

    public X509Certificate2 ClientCertificate() => _certificates.ForClient("bitacora");

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _certificates.Dispose();
    }

    private static string Pem(string text) => string.Join('\n', text.Split('\n').Select(line => "          " + line));
}
