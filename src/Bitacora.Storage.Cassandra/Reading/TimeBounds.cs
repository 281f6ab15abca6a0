using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>The times of records, from manifests.</summary>
internal sealed class TimeBounds(QueryRun run)
{
    /// <summary>The time of the newest record before a time; null if there is none.</summary>
    public async Task<long?> NewestBeforeAsync(long time)
    {
        long? newest = null;
        foreach (var batch in run.Pending.Batches)
        {
            foreach (var record in batch)
            {
                newest = record.Time < time && !(newest >= record.Time) ? record.Time : newest;
            }
        }

        if (time <= 0)
        {
            return newest;
        }

        // Mostly there is something within the day before; else the cluster is asked which partitions there are.
        foreach (var range in new[] { new TimeRange(time - RecordTime.Day, time), new TimeRange(long.MinValue, time - RecordTime.Day) })
        {
            foreach (var bucket in await BucketsAsync(range).ConfigureAwait(false))
            {
                if (newest >= bucket.End - 1)
                {
                    return newest;
                }

                newest = await NewestInAsync(bucket, newest, time).ConfigureAwait(false);
            }
        }

        return newest;
    }

    private async Task<long?> NewestInAsync(BucketPartitions bucket, long? newest, long time)
    {
        var partitions = await Task.WhenAll(
            bucket.Keys.Select(key => run.ManifestsAsync(bucket, key, ManifestParts.None))).ConfigureAwait(false);
        foreach (var manifest in partitions.SelectMany(manifests => manifests))
        {
            if (manifest.First.Time < time && !(newest >= manifest.Last.Time))
            {
                newest = manifest.Last.Time < time
                    ? manifest.Last.Time
                    : await NewestRowAsync(manifest, newest, time).ConfigureAwait(false);
            }
        }

        return newest;
    }

    private async Task<IReadOnlyList<BucketPartitions>> BucketsAsync(TimeRange range) =>
        await new BucketList(run.Link).ReadAsync(Enum.GetValues<Layer>(), range, run.Token).ConfigureAwait(false);

    /// <summary>The slice lies on both sides: its rows are read.</summary>
    private async Task<long?> NewestRowAsync(Manifest manifest, long? newest, long time)
    {
        var decoder = new RowDecoder(run.Clock);
        foreach (var read in manifest.RowsIn(new TimeRange(long.MinValue, time)))
        {
            var pages = run.Link.Session.ReadPagesAsync(
                run.Link.Statements.SelectSlice(read.Layer), read, run.Link.Read with { PageSize = 100 }, run.Token);
            var isFound = false;
            await foreach (var page in pages.ConfigureAwait(false))
            {
                foreach (var batch in decoder.Decode(page, read.Layer, read.Level, out _))
                {
                    foreach (var record in batch)
                    {
                        if (record.Time < time)
                        {
                            newest = !(newest >= record.Time) ? record.Time : newest;
                            isFound = true;
                        }
                    }
                }

                if (isFound)
                {
                    break;
                }
            }
        }

        return newest;
    }
}
