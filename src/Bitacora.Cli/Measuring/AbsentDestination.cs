using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Measuring;

/// <summary>A destination that is away.</summary>
internal sealed class AbsentDestination : IBatchDestination
{
    public ulong DurableThrough => 0;

    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken) => throw new HttpRequestException("away");

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
