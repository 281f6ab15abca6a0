using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Measuring;

/// <summary>A destination that has everything at once and keeps nothing: what is measured is the provider.</summary>
internal sealed class ForgettingDestination : IBatchDestination
{
    public bool KeepsBatches => false;

    public ulong DurableThrough => 0;

    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken) => new(RefusedRecord.None);

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
