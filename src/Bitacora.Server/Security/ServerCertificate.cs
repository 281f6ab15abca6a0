using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// The certificate that the server shows. Its file is looked at once a minute, for certificates are renewed while a server runs; one that
/// cannot be read leaves the one before. Thread-safe.
/// </summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMinutes(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private X509Certificate2 _current;
    private DateTime _written;
    private long _lookedAt;

    /// <param name="certificate">The certificate and those that sign it, PEM.</param>
    /// <param name="key">Its key, PEM; the same file where it is empty.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="CryptographicException">A file is none.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ServerCertificate(string certificate, string key, TimeProvider clock)
    {
        (_certificate, _key, _clock) = (certificate, key.Length == 0 ? certificate : key, clock);
        (_current, _written, _lookedAt) = (Load(), WrittenAt(), clock.GetTimestamp());
    }

    /// <summary>Who says what goes wrong; nobody before the server has its logger.</summary>
    public ILogger? Logger { get; set; }

    public X509Certificate2 Current
    {
        get
        {
            lock (_gate)
            {
                if (_clock.GetElapsedTime(_lookedAt) >= _lookEvery)
                {
                    _lookedAt = _clock.GetTimestamp();
                    Renew();
                }

                return _current;
            }
        }
    }

    private void Renew()
    {
        try
        {
            var written = WrittenAt();
            if (written != _written)
            {
                _current = Load();
                _written = written;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (Logger is { } logger)
            {
                Log.CertificateUnreadable(logger, e.Message);
            }
        }
    }

    private X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(_certificate, _key);

    private DateTime WrittenAt()
    {
        var (certificate, key) = (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));
        return certificate > key ? certificate : key;
    }
}
