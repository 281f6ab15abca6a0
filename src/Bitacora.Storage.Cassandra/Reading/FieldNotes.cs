using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Finds out which of the attributes that a query names no record in range has. Manifests of slices that lie wholly in range answer at
/// once; only at the range's ends their rows are read.
/// </summary>
internal sealed class FieldNotes(QueryRun run)
{
    // Guards the witness.
    private readonly Lock _gate = new();

    public async Task ReadAsync()
    {
        var buckets = await new BucketList(run.Link).ReadAsync(Enum.GetValues<Layer>(), run.Query.Range, run.Token)
            .ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = run.ConcurrentReads, CancellationToken = run.Token };
        await Parallel.ForEachAsync(
            buckets.SelectMany(bucket => bucket.Keys.Select(key => (Bucket: bucket, Key: key))), parallel,
            async (partition, _) => await ReadAsync(partition.Bucket, partition.Key).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task ReadAsync(BucketPartitions bucket, PartitionKey key)
    {
        if (IsSettled())
        {
            return;
        }

        var range = run.Query.Range;
        var reads = new List<RowRead>();
        foreach (var manifest in await run.ManifestsAsync(bucket.Layer, key, ManifestParts.Fields).ConfigureAwait(false))
        {
            if (manifest.Last.Time < range.From || manifest.First.Time >= range.To)
            {
                continue;
            }

            var isInside = manifest.First.Time >= range.From && manifest.Last.Time < range.To;
            if (isInside && manifest.Fields is not null)
            {
                Saw(manifest.Fields);
            }
            else if (manifest.Fields is null || manifest.Fields.Any(IsMissing))
            {
                reads.AddRange(ReadsOf(manifest, range));
            }
        }

        if (reads.Count > 0 && !IsSettled())
        {
            var reader = new Scan.Reader(run);
            await reader.ReadAsync(reads, range).ConfigureAwait(false);
            lock (_gate)
            {
                run.Evaluation.Fields.Merge(reader.Evaluation.Fields);
            }
        }
    }

    private static IEnumerable<RowRead> ReadsOf(Manifest manifest, TimeRange range)
    {
        for (var level = Level.Trace; level <= Level.Critical; level++)
        {
            if ((manifest.Levels & (1 << (int)level)) != 0)
            {
                yield return new RowRead(
                    manifest.Layer, manifest.Key, level,
                    Math.Max(manifest.First.Time, range.From), Math.Min(manifest.Last.Time, range.To - 1));
            }
        }
    }

    private void Saw(IReadOnlyList<FieldSummary> fields)
    {
        lock (_gate)
        {
            foreach (var field in fields.Where(IsMissing))
            {
                run.Evaluation.Fields.Saw(field.Name);
            }
        }
    }

    private bool IsMissing(FieldSummary field)
    {
        lock (_gate)
        {
            return run.Evaluation.Fields.Missing.Any(term => term.Name == field.Name);
        }
    }

    private bool IsSettled()
    {
        lock (_gate)
        {
            return run.Evaluation.Fields.IsSettled;
        }
    }
}
