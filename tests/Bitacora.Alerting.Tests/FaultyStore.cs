using System.Runtime.CompilerServices;
using Bitacora.Delivery;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Tests;

/// <summary>A store whose answers may be partial or fail.</summary>
internal sealed class FaultyStore(ILogStore inner) : ILogStore
{
    /// <summary>Leaves out every second group and says so.</summary>
    public bool IsPartial { get; set; }

    public Exception? Error { get; set; }

    public int Queries { get; private set; }

    /// <summary>After so many queries every further one fails.</summary>
    public int FailAfter { get; set; } = int.MaxValue;

    public ulong DurableThrough => inner.DurableThrough;

    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken) => inner.AppendAsync(batch, sequence, cancellationToken);

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        inner.WaitUntilDurableBeyondAsync(sequence, cancellationToken);

    public async IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Queries++ >= FailAfter)
        {
            throw new IOException("no more queries");
        }

        if (Error is { } error)
        {
            throw error;
        }

        var groups = 0;
        await foreach (var part in inner.QueryAsync(query, options, cancellationToken))
        {
            if (!IsPartial)
            {
                yield return part;
            }
            else if (part is AnswerEnd end)
            {
                yield return end with { Completeness = Completeness.Partial("deadline", "half of it was not read") };
            }
            else if (groups++ % 2 == 0)
            {
                yield return part;
            }
        }
    }

    public IAsyncEnumerable<AnswerPart> TailAsync(LogQuery query, TailOptions options, CancellationToken cancellationToken) =>
        inner.TailAsync(query, options, cancellationToken);

    public ValueTask<StoreStatus> StatusAsync(CancellationToken cancellationToken) => inner.StatusAsync(cancellationToken);

    public ValueTask<IReadOnlyList<FieldSummary>> FieldsAsync(TimeRange range, CancellationToken cancellationToken) =>
        inner.FieldsAsync(range, cancellationToken);

    public ValueTask<IReadOnlyList<OriginPositions>> PositionsAsync(CancellationToken cancellationToken) =>
        inner.PositionsAsync(cancellationToken);

    public ValueTask<RetentionReport> DeleteOlderThanAsync(long before, bool dryRun, CancellationToken cancellationToken) =>
        inner.DeleteOlderThanAsync(before, dryRun, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
