using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>The destination, all of whose work is marked as delivery.</summary>
internal sealed class MarkedDestination(IBatchDestination destination) : IBatchDestination
{
    public bool KeepsBatches => destination.KeepsBatches;

    public ulong DurableThrough => destination.DurableThrough;

    public ulong UsedThrough => destination.UsedThrough;

    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        // An asynchronous method has a flow of its own: the mark is gone when it ends.
        DeliveryFlow.Enter();
        return await destination.AppendAsync(batch, sequence, cancellationToken).ConfigureAwait(false);
    }

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        destination.WaitUntilDurableBeyondAsync(sequence, cancellationToken);
}
