using System.Collections.Concurrent;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Shows all rows that may match to evaluations, one for each reader at work, which are merged in the end: for groups and sorting.
/// </summary>
internal sealed class Scan(QueryRun run)
{
    // Beyond that a reader's sorted rows go to the others': all together have one bound, and not each reader its own.
    private const long MaxSortedBytesAlone = 4 << 20;

    private readonly ConcurrentBag<Reader> _readers = [];

    // Guards the query's evaluation.
    private readonly Lock _gate = new();

    /// <summary>
    /// Does something with each partition of the range, many at once, and merges what was found into the query's evaluation.
    /// </summary>
    public async Task ReadAsync(Func<BucketPartitions, PartitionKey, Reader, Task> read)
    {
        var started = run.Trace.Start();
        try
        {
            await run.EachPartitionAsync(run.Layers, run.Query.Range, async (bucket, key) =>
            {
                var reader = _readers.TryTake(out var free) ? free : new Reader(run, Merge);
                await read(bucket, key, reader).ConfigureAwait(false);
                _readers.Add(reader);
            }).ConfigureAwait(false);
        }
        finally
        {
            foreach (var reader in _readers)
            {
                Merge(reader.Evaluation);
            }

            run.Trace.Step("partitions", started, "");
        }
    }

    /// <summary>Reads whole partitions.</summary>
    public Task ReadRowsAsync() => ReadAsync((bucket, key, reader) => reader.ReadAsync(bucket, key, run.Query.Range));

    private void Merge(QueryEvaluation<FoundRow> evaluation)
    {
        lock (_gate)
        {
            run.Evaluation.Merge(evaluation);
        }
    }

    /// <summary>One reader at work: a decoder and an evaluation. One caller at a time.</summary>
    internal sealed class Reader(QueryRun run, Action<QueryEvaluation<FoundRow>> merge)
    {
        private readonly RowDecoder _decoder = new(run.Clock, run.Columns);
        private readonly HashSet<RecordId>? _counted = run.Query.Aggregate is null ? null : run.PendingIds;

        public QueryEvaluation<FoundRow> Evaluation { get; private set; } = new(run.Query);

        /// <summary>Shows the rows of a partition within a range.</summary>
        public async Task ReadAsync(BucketPartitions bucket, PartitionKey key, TimeRange range) =>
            await ReadAsync(await ReadPlan.OfAsync(run, bucket, key, range).ConfigureAwait(false), range).ConfigureAwait(false);

        public async Task ReadAsync(IEnumerable<RowRead> reads, TimeRange range)
        {
            foreach (var read in reads)
            {
                run.Trace.Partition();
                try
                {
                    await ReadAsync(read, range).ConfigureAwait(false);
                }
                catch (CqlException e)
                {
                    run.CannotRead(read.Layer, read.Key, e);
                }
            }
        }

        private async Task ReadAsync(RowRead read, TimeRange range)
        {
            var statement = run.Link.Statements.SelectSlice(read.Layer, run.Columns);
            await foreach (var page in run.Link.Session.ReadPagesAsync(statement, read, run.Link.Read, run.Token).ConfigureAwait(false))
            {
                run.Trace.Rows(page.RowCount);
                var batches = _decoder.Decode(page, read.Layer, read.Level, out var strangers);
                StrangeRows.Report(run, strangers, read);
                foreach (var batch in batches)
                {
                    foreach (var record in batch)
                    {
                        if (range.Contains(record.Time))
                        {
                            Evaluations.Show(Evaluation, run.Query, record, _counted);
                        }
                    }
                }

                if (Evaluation.Sorted is { Bytes: > MaxSortedBytesAlone })
                {
                    merge(Evaluation);
                    Evaluation = new QueryEvaluation<FoundRow>(run.Query);
                }
            }
        }
    }
}
