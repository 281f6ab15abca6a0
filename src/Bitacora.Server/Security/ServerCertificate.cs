using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// The certificate that the server shows, with those between it and a root. Its files are looked at once a minute, for certificates are
/// renewed while a server runs; what cannot be read leaves the one before. Thread-safe.
/// </summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMinutes(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private byte[] _read;
    private SslStreamCertificateContext _current;
    private long _lookedAt;
    private string? _fault;

    /// <param name="certificate">The certificate and those that sign it, PEM.</param>
    /// <param name="key">Its key, PEM; the same file where it is empty.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="CryptographicException">A file is none.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ServerCertificate(string certificate, string key, TimeProvider clock)
    {
        (_certificate, _key, _clock) = (certificate, key.Length == 0 ? certificate : key, clock);
        (_read, _lookedAt) = (Read(), clock.GetTimestamp());
        _current = Load();
    }

    /// <summary>Another certificate is shown from now on.</summary>
    public event Action? Renewed;

    /// <summary>Who says what goes wrong; nobody before the server has its logger.</summary>
    public ILogger? Logger { get; set; }

    /// <summary>What is shown.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            var isRenewed = false;
            try
            {
                lock (_gate)
                {
                    if (_clock.GetElapsedTime(_lookedAt) >= _lookEvery)
                    {
                        _lookedAt = _clock.GetTimestamp();
                        isRenewed = TryRenew();
                    }

                    return _current;
                }
            }
            finally
            {
                if (isRenewed)
                {
                    Renewed?.Invoke();
                }
            }
        }
    }

    private bool TryRenew()
    {
        try
        {
            // By content: a link that points elsewhere now has the time that it had.
            var read = Read();
            if (read.AsSpan().SequenceEqual(_read))
            {
                return false;
            }

            _current = Load();
            (_read, _fault) = (read, null);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (Logger is { } logger && _fault != e.Message)
            {
                _fault = e.Message;
                Log.CertificateUnreadable(logger, e.Message);
            }

            return false;
        }
    }

    private byte[] Read() => [.. File.ReadAllBytes(_certificate), .. File.ReadAllBytes(_key)];

    private SslStreamCertificateContext Load()
    {
        var leaf = X509Certificate2.CreateFromPemFile(_certificate, _key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificate);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }
}
