using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Server.Tests;

/// <summary>The reference store behind a gate: while it is closed, appending and answering wait, as a disk that is slow.</summary>
internal sealed class GatedStore(ILogStore inner) : ILogStore
{
    private volatile TaskCompletionSource _gate = Opened();

    public ulong DurableThrough => inner.DurableThrough;

    /// <summary>What the status says is wrong.</summary>
    public IReadOnlyList<string> Problems { get; set; } = [];

    /// <summary>Thrown by searches after their first row.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Completes when a search was cancelled.</summary>
    public TaskCompletionSource SearchCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.TrySetResult();

    public async ValueTask<Task<IReadOnlyList<Delivery.RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        return await inner.AppendAsync(batch, sequence, cancellationToken);
    }

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        inner.WaitUntilDurableBeyondAsync(sequence, cancellationToken);

    public async IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var part in inner.QueryAsync(query, options, cancellationToken))
        {
            yield return part;
            if (Failure is { } failure)
            {
                throw failure;
            }

            try
            {
                await _gate.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                SearchCancelled.TrySetResult();
                throw;
            }
        }
    }

    public IAsyncEnumerable<AnswerPart> TailAsync(LogQuery query, TailOptions options, CancellationToken cancellationToken) =>
        inner.TailAsync(query, options, cancellationToken);

    public async ValueTask<StoreStatus> StatusAsync(CancellationToken cancellationToken) =>
        await inner.StatusAsync(cancellationToken) with { Problems = Problems };

    public ValueTask<IReadOnlyList<FieldSummary>> FieldsAsync(TimeRange range, CancellationToken cancellationToken) =>
        inner.FieldsAsync(range, cancellationToken);

    public ValueTask<IReadOnlyList<Delivery.OriginPositions>> PositionsAsync(CancellationToken cancellationToken) =>
        inner.PositionsAsync(cancellationToken);

    public ValueTask<RetentionReport> DeleteOlderThanAsync(long before, bool dryRun, CancellationToken cancellationToken) =>
        inner.DeleteOlderThanAsync(before, dryRun, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
