using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Bitacora.Cql.Connections;

/// <summary>A socket, with or without TLS around it.</summary>
internal sealed class Transport : IDisposable
{
    // What the kernel may hold of what we have sent; more only delays the moment when we notice that a server has stopped reading.
    private const int SendBuffer = 1024 * 1024;

    private const string Options = $"{nameof(CqlOptions)}.{nameof(CqlOptions.Tls)}";

    private readonly Socket _socket;

    private Transport(Socket socket, Stream stream)
    {
        _socket = socket;
        Stream = stream;
    }

    public Stream Stream { get; }

    public static async Task<Transport> ConnectAsync(NodeAddress address, CqlTlsOptions? tls, CancellationToken cancellation)
    {
        var socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendBufferSize = SendBuffer,
        };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(address.EndPoint, cancellation).ConfigureAwait(false);
            var plain = new NetworkStream(socket, ownsSocket: true);
            var stream = tls is null ? plain : await EncryptAsync(plain, address, tls, cancellation).ConfigureAwait(false);
            return new Transport(socket, stream);
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException)
        {
            socket.Dispose();
            throw new CqlConnectionException(Describe(fault, tls), fault) { Node = address.EndPoint };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends what is being sent and received; may be called while it is.</summary>
    public void Abort() => _socket.Dispose();

    public void Dispose()
    {
        _socket.Dispose();
        Stream.Dispose();
    }

    private static async Task<Stream> EncryptAsync(
        Stream plain, NodeAddress address, CqlTlsOptions tls, CancellationToken cancellation)
    {
        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.TargetHost ?? address.HostName ?? address.EndPoint.Address.ToString(),
            ClientCertificates = tls.ClientCertificates,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (tls.Authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (!tls.CheckHostName)
        {
            options.RemoteCertificateValidationCallback = (_, _, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        }

        await encrypted.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
        return encrypted;
    }

    private static string Describe(Exception fault, CqlTlsOptions? tls) => fault switch
    {
        AuthenticationException =>
            $"the node's certificate was not accepted, or it does not accept ours: {fault.Message}; correct {Options}",
        IOException when tls is not null =>
            $"TLS could not be set up: {fault.Message}; see whether its port speaks TLS, or correct {Options}",
        _ => $"it cannot be reached: {fault.Message}; see whether it runs, and listens at this address",
    };
}
