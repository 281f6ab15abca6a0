using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Reads a page of rows, newest first: waves of buckets, in each the levels that may match, at once; it ends as soon as the page is full
/// of rows that are newer than anything unread.
/// </summary>
internal sealed class PageReader(QueryRun run)
{
    private const int FirstWave = 16;
    private const int LargestWave = 256;

    // Several partitions are read at once, and a page needs few rows of each.
    private const int MaxRowsAtOnce = 1_000;

    // Guards the page, and the witness of fields.
    private readonly Lock _gate = new();
    private readonly RowCollector<FoundRow> _page = run.Evaluation.Rows!;

    public async Task ReadAsync()
    {
        var started = run.Trace.Start();
        var buckets = await new BucketList(run.Link).ReadAsync(run.Layers, run.Range, run.Token).ConfigureAwait(false);
        run.Trace.Step("buckets", started, $"{buckets.Count} buckets");
        var size = FirstWave;
        for (var next = 0; next < buckets.Count; size = Math.Min(size * 2, LargestWave))
        {
            if (IsBehindPage(buckets[next].End - 1))
            {
                return;
            }

            var wave = new List<BucketPartitions>();
            for (var partitions = 0; next < buckets.Count && partitions < size; next++)
            {
                wave.Add(buckets[next]);
                partitions += buckets[next].Keys.Count;
            }

            await ReadWaveAsync(wave).ConfigureAwait(false);
        }
    }

    private async Task ReadWaveAsync(List<BucketPartitions> wave)
    {
        var started = run.Trace.Start();
        var plans = await Task.WhenAll(wave
            .SelectMany(bucket => bucket.Keys.Select(key => ReadPlan.OfAsync(run, bucket, key, run.Range)))).ConfigureAwait(false);
        RowRead[] reads = [.. plans.SelectMany(plan => plan).OrderByDescending(read => read.Through)];
        run.Trace.Step("manifests", started, $"{plans.Length} partitions, {reads.Length} reads");
        started = run.Trace.Start();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = run.ConcurrentReads, CancellationToken = run.Token };
        await Parallel.ForEachAsync(reads, parallel, async (read, _) => await ReadAsync(read).ConfigureAwait(false)).ConfigureAwait(false);
        run.Trace.Step("rows", started, "");
    }

    private async Task ReadAsync(RowRead read)
    {
        if (IsBehindPage(read.Through))
        {
            return;
        }

        run.Trace.Partition();
        var decoder = new RowDecoder(run.Clock);
        var options = run.Link.Read with { PageSize = PageSize() };
        try
        {
            var statement = run.Link.Statements.SelectSlice(read.Layer);
            await foreach (var page in run.Link.Session.ReadPagesAsync(statement, read, options, run.Token).ConfigureAwait(false))
            {
                run.Trace.Rows(page.RowCount);
                var batches = decoder.Decode(page, read.Layer, read.Level, out var strangers);
                StrangeRows.Report(run, strangers, read);
                foreach (var batch in batches)
                {
                    Show(batch);
                }

                if (page.HasMorePages && batches.Count > 0 && IsBehindPage(batches[^1].MinTime))
                {
                    return;
                }
            }
        }
        catch (CqlException e)
        {
            run.CannotRead(read.Layer, read.Key, e);
        }
    }

    /// <summary>Where the key decides everything, no more rows than the page has are wanted; else most are read in vain.</summary>
    private int PageSize() => run.Filter.IsDecidedByKey ? Math.Clamp(run.Query.RowLimit + 1, 100, MaxRowsAtOnce) : MaxRowsAtOnce;

    /// <summary>Whether the page is full of newer rows; then it notes that there are older ones.</summary>
    private bool IsBehindPage(long time)
    {
        lock (_gate)
        {
            var isBehind = _page.IsFull && time < (_page.Oldest?.Time ?? long.MinValue);
            if (isBehind)
            {
                _page.StoppedEarly();
            }

            return isBehind;
        }
    }

    private void Show(RecordBatch batch)
    {
        var matching = new List<int>();
        for (var i = 0; i < batch.Count; i++)
        {
            if (run.Query.Matches(batch[i]))
            {
                matching.Add(i);
            }
        }

        lock (_gate)
        {
            if (!run.Evaluation.Fields.IsSettled)
            {
                Observe(batch);
            }

            foreach (var i in matching)
            {
                var record = batch[i];
                if (_page.Wants(record.Id))
                {
                    _page.Add(record.Id, new FoundRow { Record = record.ToLogRecord() }, record.Bytes.Length);
                }
            }
        }
    }

    private void Observe(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            if (run.Query.Range.Contains(record.Time))
            {
                run.Evaluation.Fields.Observe(record);
            }
        }
    }
}
