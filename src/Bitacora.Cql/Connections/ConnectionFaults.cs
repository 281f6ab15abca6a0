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
            ? "no answer came before the request's deadline; it may have been executed: repeat it if that does no harm, or wait longer " +
              $"({nameof(CqlOptions)}.{nameof(CqlOptions.RequestTimeout)})"
            : "the request's turn did not come before its deadline, nothing was sent: more is asked for than the node answers; ask for " +
              $"less at once, or wait longer ({nameof(CqlOptions)}.{nameof(CqlOptions.RequestTimeout)})";
        return new CqlTimeoutException(message, wasSent) { Node = address.EndPoint };
    }

    public CqlConnectionException Replaced() =>
        new("the connection is being replaced; the request was not sent, ask again") { Node = address.EndPoint };

    /// <summary>An exception object of its own for each request: they are thrown on several threads.</summary>
    public CqlException Lost(CqlException fault, bool wasSent)
    {
        var outcome = wasSent
            ? "the request may have been executed: repeat it if that does no harm, " +
              $"or say {nameof(CqlRequestOptions.IsIdempotent)} to have that done"
            : "the request was not sent, ask again";
        return fault is CqlProtocolException
            ? new CqlProtocolException($"{fault.What}; {outcome}", fault) { Node = address.EndPoint }
            : new CqlConnectionException($"the connection was lost: {fault.What}; {outcome}", fault) { Node = address.EndPoint };
    }

    public CqlException Describe(Exception fault) => fault switch
    {
        CqlException known => known,
        IOException or ObjectDisposedException =>
            new CqlConnectionException(fault.InnerException?.Message ?? fault.Message, fault) { Node = address.EndPoint },
        _ => new CqlProtocolException($"an answer could not be handled: {fault.Message}", fault) { Node = address.EndPoint },
    };

    /// <summary>The request was not executed: it may be sent again, whatever it does.</summary>
    public CqlServerException Refused() =>
        new(CqlErrorCode.Overloaded, "the request waited in the server for too long") { Node = address.EndPoint };

    /// <summary>Whether a server says that it refused a request, and cannot say which.</summary>
    public static bool IsRefusal(in Envelope envelope, ProtocolVersion version)
    {
        if (envelope.Header is not { Stream: 0, Opcode: Opcode.Error })
        {
            return false;
        }

        var reader = new WireReader(envelope.Body);
        ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
        return ServerError.Read(ref reader, version).Code == CqlErrorCode.Overloaded;
    }

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
        return new CqlProtocolException($"the server says on stream {stream}: {ServerError.Read(ref reader, version).What}");
    }
}
