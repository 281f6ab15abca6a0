using System.Runtime.CompilerServices;
using System.Text;
using Bitacora.Delivery;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Memory;

namespace Bitacora.Storage;

/// <summary>
/// The reference <see cref="ILogStore"/>: it keeps batches in memory and lets the evaluator answer from all of them. For tests and for
/// comparing; its memory is bounded by what it is given only.
/// </summary>
public sealed class MemoryLogStore(TimeProvider clock) : ILogStore
{
    // Replaced as a whole by the one appending caller, so that queries read a snapshot without a lock.
    private volatile RecordBatch[] _batches = [];
    private readonly LiveTail _tail = new(clock);

    /// <summary>Always 0: memory is never durable, the write-ahead log in front of this store keeps everything.</summary>
    public ulong DurableThrough => 0;

    /// <inheritdoc/>
    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _batches = [.. _batches, batch];
        _tail.Publish(batch);
        return new(RefusedRecord.None);
    }

    /// <inheritdoc/>
    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var started = clock.GetTimestamp();
        var batches = _batches;
        var evaluation = new BatchEvaluation(query);
        foreach (var batch in batches)
        {
            if (clock.GetElapsedTime(started) >= options.Deadline)
            {
                evaluation.EndAt(options.Deadline);
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            evaluation.Read(batch);
        }

        foreach (var part in evaluation.Finish(batches, options.Explain ? clock.GetElapsedTime(started) : null))
        {
            yield return part;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AnswerPart> TailAsync(LogQuery query, TailOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        return _tail.ReadAsync(query, options, _ => Past(query, options.From ?? long.MaxValue), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var batches = _batches;
        long records = batches.Sum(batch => (long)batch.Count);
        return new(new StoreStatus
        {
            Kind = "memory",
            Records = records,
            UnsealedRecords = records,
            Oldest = batches.Length == 0 ? null : batches.Min(batch => batch.MinTime),
            Newest = batches.Length == 0 ? null : batches.Max(batch => batch.MaxTime),
        });
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FieldSummary>> FieldsAsync(TimeRange range, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(string Name, AttributeType Type), long>();
        foreach (var batch in _batches)
        {
            foreach (var record in batch)
            {
                if (range.Contains(record.Time))
                {
                    foreach (var attribute in record.Attributes)
                    {
                        var key = (Encoding.UTF8.GetString(attribute.Name), attribute.Type);
                        counts[key] = counts.GetValueOrDefault(key) + 1;
                    }
                }
            }
        }

        return new([.. counts.Select(count => new FieldSummary(count.Key.Name, count.Key.Type, count.Value))]);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OriginPositions>> PositionsAsync(CancellationToken cancellationToken) => new([]);

    /// <inheritdoc/>
    public ValueTask<RetentionReport> DeleteOlderThanAsync(long before, bool dryRun, CancellationToken cancellationToken)
    {
        RecordBatch[] old = [.. _batches.Where(batch => batch.MaxTime < before)];
        if (!dryRun)
        {
            _batches = [.. _batches.Except(old)];
        }

        return new(new RetentionReport([], old.Sum(batch => (long)batch.Count), old.Sum(batch => (long)batch.Bytes.Length), dryRun));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async IAsyncEnumerable<LogRecord> Past(LogQuery query, long from)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var past = new List<LogRecord>();
        foreach (var batch in _batches)
        {
            foreach (var record in batch)
            {
                if (record.Time >= from && query.Filter.Matches(record))
                {
                    past.Add(record.ToLogRecord());
                }
            }
        }

        foreach (var record in past.OrderBy(record => record.Id))
        {
            yield return record;
        }
    }
}
