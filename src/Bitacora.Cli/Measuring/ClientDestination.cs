using Bitacora.Client;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Measuring;

/// <summary>The target of a command as the destination of a provider.</summary>
internal sealed class ClientDestination(BitacoraClient client) : IBatchDestination
{
    public ulong DurableThrough => 0;

    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        await client.SendAsync(batch, cancellationToken);
        return RefusedRecord.None;
    }

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
