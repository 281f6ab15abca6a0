using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bitacora.Server.Security;
using Bitacora.Testing.Cassandra;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests.Security;

public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bitacora-tls-");
    private readonly FakeCertificates _certificates = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_speaks_TLS_with_the_certificate_of_the_files_and_says_in_its_file_which_that_is()
    {
        using var certificate = _certificates.ForLoopback();
        var (path, key) = Write(certificate);
        await using var server = await TestServer.StartAsync(options =>
        {
            (options.TlsCertificate, options.TlsKey) = (path, key);
            options.Listen = ["https://127.0.0.1:0"];
        });
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificates.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler) { BaseAddress = server.Server.Address };
        server.Server.Address.Scheme.ShouldBe("https");
        (await http.GetStringAsync(new Uri("/health/live", UriKind.Relative), Cancel)).ShouldContain("live");
        ServerFile.Find(server.Data)!.Certificate.ShouldBe(certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_ends_the_start_with_its_setting()
    {
        var file = Path.Combine(_folder.FullName, "none.pem");
        var faults = (await Should.ThrowAsync<ConfigurationException>(() => TestServer.StartAsync(options =>
        {
            options.TlsCertificate = file;
            options.Listen = ["https://127.0.0.1:0"];
        }))).Faults;
        faults.ShouldHaveSingleItem().Key.ShouldBe("tls:certificate");
    }

    [Fact]
    public void A_renewed_certificate_is_noticed_within_a_minute_and_a_broken_one_leaves_the_one_before()
    {
        using var first = _certificates.ForLoopback();
        using var second = _certificates.ForLoopback();
        var clock = new FakeTimeProvider();
        var (path, key) = Write(first);
        var shown = new ServerCertificate(path, key, clock);
        Write(second);
        shown.Current.TargetCertificate.Thumbprint.ShouldBe(first.Thumbprint);
        clock.Advance(TimeSpan.FromMinutes(1));
        shown.Current.TargetCertificate.Thumbprint.ShouldBe(second.Thumbprint);
        File.WriteAllText(path, "half a fi");
        clock.Advance(TimeSpan.FromMinutes(1));
        shown.Current.TargetCertificate.Thumbprint.ShouldBe(second.Thumbprint);
    }

    private (string Certificate, string Key) Write(X509Certificate2 certificate)
    {
        var (path, key) = (Path.Combine(_folder.FullName, "server.pem"), Path.Combine(_folder.FullName, "server.key"));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (path, key);
    }
}
