using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bitacora.Testing.Cassandra;

/// <summary>A private authority and what it signs, made anew for each test.</summary>
public sealed class FakeCertificates : IDisposable
{
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<X509Certificate2> _issued = [];

    public FakeCertificates()
    {
        var request = new CertificateRequest("CN=test authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>What clients must trust.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>A server's certificate for 127.0.0.1 and localhost.</summary>
    public X509Certificate2 ForLoopback() => Issue("localhost", IPAddress.Loopback, expired: false);

    public X509Certificate2 ForOtherHost() => Issue("elsewhere.example", null, expired: false);

    public X509Certificate2 Expired() => Issue("localhost", IPAddress.Loopback, expired: true);

    public X509Certificate2 ForClient(string name) => Issue(name, null, expired: false);

    /// <summary>Options of a server that shows this certificate.</summary>
    public static SslServerAuthenticationOptions Server(X509Certificate2 certificate) => new() { ServerCertificate = certificate };

    /// <summary>Options of a server that takes only clients with a certificate of this authority.</summary>
    public SslServerAuthenticationOptions ServerAskingClients(X509Certificate2 certificate) => new()
    {
        ServerCertificate = certificate,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == Authority.Subject,
    };

    public void Dispose()
    {
        _issued.ForEach(certificate => certificate.Dispose());
        Authority.Dispose();
        _authorityKey.Dispose();
    }

    private X509Certificate2 Issue(string name, IPAddress? address, bool expired)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        var end = DateTimeOffset.UtcNow.AddDays(expired ? -1 : 10);
        using var signed = request.Create(Authority, end.AddDays(-20), end, Guid.NewGuid().ToByteArray());
        var certificate = signed.CopyWithPrivateKey(key);
        _issued.Add(certificate);
        return certificate;
    }
}
