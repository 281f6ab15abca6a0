using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Connections;

/// <summary>A request of the client's own on a connection that it has chosen: PREPARE, REGISTER, the system tables. Not retried.</summary>
internal sealed class ControlRequest(Opcode opcode, byte[] body, long deadline) : Request
{
    private readonly TaskCompletionSource<CqlResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Opcode Opcode => opcode;

    public override ColumnSet? KnownColumns => null;

    /// <summary>Sends it and waits for the answer; at the latest at the deadline.</summary>
    public Task<CqlResult> SendAsync(Connection connection)
    {
        Deadline = deadline;
        if (!connection.TryEnqueue(this))
        {
            var fault = new CqlConnectionException("the connection takes no more requests") { Node = connection.Address.EndPoint };
            Fail(fault, wasSent: false);
        }

        return _completion.Task;
    }

    public override int Measure(ProtocolVersion version) => body.Length;

    public override void Write(ref WireWriter writer, ProtocolVersion version) => writer.WriteRaw(body);

    public override void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet columns)
    {
    }

    public override void Succeed(CqlResult result) => _completion.SetResult(result);

    public override void Fail(CqlException error, bool wasSent) => _completion.SetException(error);

    public override void Cancel() => _completion.SetCanceled();
}
