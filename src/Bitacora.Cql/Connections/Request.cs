using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Connections;

/// <summary>
/// A request on its way. At any time it belongs to one owner, which alone may complete it: a connection (in its waiting line or its
/// stream table, changed under its lock), or whoever took it from there. Thus it is completed exactly once.
/// </summary>
internal abstract class Request : IResultColumns
{
    private volatile Connection? _owner;
    private volatile bool _isCancelled;

    /// <summary>The connection that has it now.</summary>
    public Connection? Owner
    {
        get => _owner;
        set => _owner = value;
    }

    /// <summary>
    /// Set before the owner is looked up; a connection looks at it after it has made itself the owner. One of the two sees the other.
    /// </summary>
    public bool IsCancelled
    {
        get => _isCancelled;
        protected set => _isCancelled = value;
    }

    /// <summary>When the caller's patience ends, on the time provider's clock.</summary>
    public long Deadline { get; protected set; }

    /// <summary>Neighbours in the waiting line.</summary>
    public Request? Before { get; set; }

    public Request? After { get; set; }

    public bool IsWaiting { get; set; }

    /// <summary>Its stream, once it is written.</summary>
    public short Stream { get; set; }

    /// <summary>Its envelope's bytes.</summary>
    public int Size { get; set; }

    /// <summary>The send round that takes it along; until that has begun nothing of it was sent.</summary>
    public long Round { get; set; }

    /// <summary>Once it has no owner: whether anything of it may have reached the server.</summary>
    public bool WasSent { get; set; }

    public abstract Opcode Opcode { get; }

    public abstract ColumnSet? KnownColumns { get; }

    /// <summary>The body's length; <see cref="Write"/> writes so much, whatever changes in between.</summary>
    public abstract int Measure(ProtocolVersion version);

    public abstract void Write(ref WireWriter writer, ProtocolVersion version);

    public abstract void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet columns);

    /// <summary>The answer is here. Called without a lock.</summary>
    public abstract void Succeed(CqlResult result);

    /// <summary>It failed. Called without a lock.</summary>
    /// <param name="error">Why.</param>
    /// <param name="wasSent">False if surely nothing of it reached a server.</param>
    public abstract void Fail(CqlException error, bool wasSent);

    /// <summary>The caller does not want it any more. Called without a lock.</summary>
    public abstract void Cancel();

    /// <summary>Reads the answer. A malformed one fails the request, and is thrown to end the connection.</summary>
    public void Complete(EnvelopeDecoder decoder, in Envelope envelope, Connection connection)
    {
        CqlResult? result = null;
        CqlServerException? error = null;
        try
        {
            switch (envelope.Header.Opcode)
            {
                case Opcode.Result:
                    result = ResultReader.Read(decoder, envelope, connection.Version, this);
                    if (result != CqlResult.Done)
                    {
                        result.Node = connection.Address.EndPoint;
                    }

                    break;
                case Opcode.Error:
                    var reader = new WireReader(envelope.Body);
                    ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
                    error = ServerError.Read(ref reader, connection.Version);
                    error.Node = connection.Address.EndPoint;
                    break;
                case Opcode.Ready or Opcode.Supported:
                    result = CqlResult.Done;
                    break;
                default:
                    throw new CqlProtocolException($"{Opcode} was answered with {envelope.Header.Opcode}");
            }
        }
        catch (CqlProtocolException fault)
        {
            Fail(new CqlProtocolException(fault.What, fault) { Node = connection.Address.EndPoint }, wasSent: true);
            throw;
        }

        if (error is not null)
        {
            Fail(error, wasSent: true);
        }
        else
        {
            Succeed(result!);
        }
    }
}
