using Bitacora.Delivery;
using Bitacora.Query;

namespace Bitacora.Storage;

/// <summary>
/// A destination of batches that answers queries. One abstract test class states this contract; every store passes it unchanged.
/// </summary>
/// <remarks>
/// Any number of callers may query, tail and ask for status while one appends. A query sees each record that was appended before it began
/// exactly once, also while the store moves records from memory to disk. All calls can be cancelled.
/// </remarks>
public interface ILogStore : IBatchDestination, IAsyncDisposable
{
    /// <summary>
    /// Answers a query: rows newest first (or groups), streamed as they are found, then one <see cref="AnswerEnd"/> that says whether the
    /// answer is complete. A query beyond its deadline or a limit ends as a partial answer, not as an exception.
    /// </summary>
    /// <exception cref="QueryBusyException">So many queries run that this one found no place within its deadline.</exception>
    IAsyncEnumerable<AnswerPart> QueryAsync(LogQuery query, QueryOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// The live view: each record that the query's filter takes, as it is stored, until cancelled. Records whose event time is more than
    /// 15 minutes old when stored come only if the tail began with <see cref="TailOptions.From"/>; then those already stored since come
    /// first, oldest first. A reader that is too slow gets a <see cref="AnswerGap"/> with the count instead of records.
    /// </summary>
    IAsyncEnumerable<AnswerPart> TailAsync(LogQuery query, TailOptions options, CancellationToken cancellationToken);

    /// <summary>What the store holds and how it is.</summary>
    ValueTask<StoreStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The same without what takes long to find out, for those who ask every few seconds: problems are there, counts and times may not be.
    /// </summary>
    ValueTask<StoreStatus> QuickStatusAsync(CancellationToken cancellationToken) => StatusAsync(cancellationToken);

    /// <summary>
    /// Reads what the store keeps beside its records and no query reads; what cannot be read is among the problems of its status from then
    /// on.
    /// </summary>
    ValueTask VerifyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// The attributes that records in the range have, by name, with types and counts. Counts may cover whole files that overlap the
    /// range.
    /// </summary>
    ValueTask<IReadOnlyList<FieldSummary>> FieldsAsync(TimeRange range, CancellationToken cancellationToken);

    /// <summary>The positions that are stored durably, per sender and origin, as known when the store opened and sealed since.</summary>
    ValueTask<IReadOnlyList<OriginPositions>> PositionsAsync(CancellationToken cancellationToken);

    /// <summary>Deletes what is wholly older than a time, or says what would be deleted.</summary>
    /// <param name="before">Units of 100 ns since 1970.</param>
    /// <param name="dryRun">Only say it.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    ValueTask<RetentionReport> DeleteOlderThanAsync(long before, bool dryRun, CancellationToken cancellationToken);
}
