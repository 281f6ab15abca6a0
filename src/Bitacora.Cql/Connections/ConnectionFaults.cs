using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Connections;

/// <summary>The errors that requests of a connection get, with words that say what happened and where.</summary>
internal sealed class ConnectionFaults(NodeAddress address)
{
    public CqlTimeoutException TimedOut(bool wasSent)
    {
        var message = wasSent
            ? $"no answer came from {address} before the request's deadline; it may have been executed"
            : $"its turn on the connection to {address} did not come before its deadline: more is asked for than the node answers";
        return new CqlTimeoutException(message, wasSent) { Node = address.EndPoint };
    }

    public CqlConnectionException Replaced() => new("the connection is being replaced") { Node = address.EndPoint };

    /// <summary>An exception object of its own for each request: they are thrown on several threads.</summary>
    public CqlException Lost(CqlException fault) => fault is CqlProtocolException
        ? new CqlProtocolException(fault.Message, fault) { Node = address.EndPoint }
        : new CqlConnectionException($"the connection was lost: {fault.Message}", fault) { Node = address.EndPoint };

    public CqlException Describe(Exception fault) => fault switch
    {
        CqlException known => known,
        IOException or ObjectDisposedException =>
            new CqlConnectionException(fault.InnerException?.Message ?? fault.Message, fault) { Node = address.EndPoint },
        _ => new CqlProtocolException($"an answer could not be handled: {fault.Message}", fault) { Node = address.EndPoint },
    };

    /// <summary>An answer to nothing; an error in it says what the server could not place.</summary>
    public static CqlProtocolException UnknownStream(in Envelope envelope, ProtocolVersion version)
    {
        var stream = envelope.Header.Stream;
        if (envelope.Header.Opcode != Opcode.Error)
        {
            return new CqlProtocolException($"an answer came on stream {stream}, on which nothing was asked");
        }

        var reader = new WireReader(envelope.Body);
        ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
        return new CqlProtocolException($"the server says on stream {stream}: {ServerError.Read(ref reader, version).Message}");
    }
}
