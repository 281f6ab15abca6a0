using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;

namespace Bitacora.Cql.Connections;

/// <summary>Makes connections: socket, TLS, handshake, within the time that connecting may take.</summary>
internal sealed class ConnectionOpener(CqlOptions options)
{
    public async Task<Connection> OpenAsync(NodeAddress address, Action<ServerEvent>? onEvent, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            var highest = (ProtocolVersion)options.MaxProtocolVersion;
            return await TryOpenAsync(address, highest, onEvent, either.Token).ConfigureAwait(false) ??
                await TryOpenAsync(address, ProtocolVersion.V4, onEvent, either.Token).ConfigureAwait(false) ??
                throw new CqlProtocolException("it speaks neither version 5 nor 4 of the protocol; it must be Cassandra 4.0 or later");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new CqlConnectionException(
                $"it did not finish connecting within {options.ConnectTimeout}; see whether it answers others, or wait longer " +
                $"({nameof(CqlOptions)}.{nameof(CqlOptions.ConnectTimeout)})")
            { Node = address.EndPoint };
        }
        catch (CqlException fault)
        {
            fault.Node ??= address.EndPoint;
            throw;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever a certificate or a name may cause: the pool's loop must go on.
            throw new CqlConnectionException($"connecting failed: {fault.Message}", fault) { Node = address.EndPoint };
        }
    }

    private async Task<Connection?> TryOpenAsync(
        NodeAddress address, ProtocolVersion highest, Action<ServerEvent>? onEvent, CancellationToken cancellation)
    {
        var transport = await Transport.ConnectAsync(address, options.Tls, cancellation).ConfigureAwait(false);
        var decoder = new EnvelopeDecoder(options.MaxResponseLength);
        var isKept = false;
        try
        {
            var version =
                await new Handshake(transport.Stream, decoder, address, options).RunAsync(highest, cancellation).ConfigureAwait(false);
            if (version is null)
            {
                return null;
            }

            isKept = true;
            return new Connection(transport, decoder, address, version.Value, options, onEvent);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            throw new CqlConnectionException($"it was lost during the handshake: {fault.Message}", fault);
        }
        finally
        {
            if (!isKept)
            {
                transport.Dispose();
                decoder.Dispose();
            }
        }
    }
}
