using System.Collections.Immutable;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Shows the records in memory to the evaluation, newest batches first.</summary>
internal sealed class MemTableScan(LogQuery query, QueryEvaluation<RowAt> evaluation)
{
    private readonly byte _levels = PossibleBits.Levels(query.Filter);
    private readonly byte _layers = PossibleBits.Layers(query.Filter);

    /// <summary>Records looked at.</summary>
    public long Rows { get; private set; }

    public void Run(ImmutableArray<ReadOnlyMemory<MemTableEntry>> buffers, CancellationToken cancellationToken)
    {
        for (var i = buffers.Length - 1; i >= 0; i--)
        {
            var entries = buffers[i].Span;
            for (var j = entries.Length - 1; j >= 0; j--)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Show(entries[j].Batch);
            }
        }
    }

    private void Show(RecordBatch batch)
    {
        if (batch.MaxTime < query.Range.From || batch.MinTime >= query.Range.To)
        {
            return;
        }

        var mayMatch = (batch.LevelBits & _levels) != 0 && (batch.LayerBits & _layers) != 0;
        if (!mayMatch && evaluation.Fields.IsSettled)
        {
            return;
        }

        Rows += batch.Count;
        if (evaluation.Rows is { } page)
        {
            ShowPage(batch, page);
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            evaluation.Add(batch[i], RowAt.In(batch, i));
        }
    }

    private void ShowPage(RecordBatch batch, RowCollector<RowAt> page)
    {
        // A full page wants only newer rows: whole batches and most records need not be looked at.
        var settled = evaluation.Fields.IsSettled;
        var oldest = OldestWanted(page);
        if (settled && batch.MaxTime < oldest)
        {
            page.StoppedEarly();
            return;
        }

        for (var i = batch.Count - 1; i >= 0; i--)
        {
            var record = batch[i];
            if (!settled && query.Range.Contains(record.Time))
            {
                evaluation.Fields.Observe(record);
            }

            if (record.Time < oldest)
            {
                page.StoppedEarly();
            }
            else if (query.Matches(record) && page.Add(record.Id, RowAt.In(batch, i), record.Bytes.Length))
            {
                oldest = OldestWanted(page);
            }
        }
    }

    private static long OldestWanted(RowCollector<RowAt> page) => page.IsFull ? page.Oldest!.Value.Time : long.MinValue;
}
