using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Bitacora.Alerting.Channels;

/// <summary>Trusts what authorities of one's own have signed, for the name that was asked for and in its time.</summary>
internal static class CertificateTrust
{
    /// <exception cref="AlertDeliveryException">The file cannot be read.</exception>
    public static RemoteCertificateValidationCallback By(string authoritiesFile)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(authoritiesFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new AlertDeliveryException($"the authorities in {authoritiesFile} cannot be read: {error.Message}", error);
        }

        return (_, certificate, sent, errors) =>
        {
            if (certificate is not X509Certificate2 own || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            foreach (var element in sent?.ChainElements.AsEnumerable() ?? [])
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }

            return chain.Build(own);
        };
    }
}
