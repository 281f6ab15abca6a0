using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Finds out from a partition's manifests which levels of its layers must be read, and between which times.</summary>
internal static class ReadPlan
{
    private static readonly int _layers = Enum.GetValues<Layer>().Length;

    public static async Task<List<RowRead>> OfAsync(QueryRun run, BucketPartitions bucket, PartitionKey key, TimeRange range)
    {
        var manifests = await run.ManifestsAsync(bucket, key, run.Filter.Parts).ConfigureAwait(false);
        return Of(run, key, range, manifests);
    }

    public static List<RowRead> Of(QueryRun run, PartitionKey key, TimeRange range, IReadOnlyList<Manifest> manifests)
    {
        Span<long> from = stackalloc long[_layers * Levels.Count];
        Span<long> through = stackalloc long[_layers * Levels.Count];
        from.Fill(long.MaxValue);
        through.Fill(long.MinValue);
        var chosen = 0;
        foreach (var manifest in manifests)
        {
            // What is in memory here has been looked at, and what this server has written since the query began came too late for it.
            if (!manifest.Overlaps(range) || run.IsPending(manifest))
            {
                continue;
            }

            var levels = run.Filter.Levels(manifest);
            chosen += levels == 0 ? 0 : 1;
            for (var level = 0; level < Levels.Count; level++)
            {
                if ((levels & (1 << level)) != 0)
                {
                    var place = ((int)manifest.Layer * Levels.Count) + level;
                    from[place] = Math.Min(from[place], manifest.First.Time);
                    through[place] = Math.Max(through[place], manifest.Last.Time);
                }
            }
        }

        run.Trace.Manifests(manifests.Count, chosen);
        var reads = new List<RowRead>();
        for (var place = 0; place < from.Length; place++)
        {
            if (from[place] <= through[place])
            {
                reads.Add(new RowRead(
                    (Layer)(place / Levels.Count), key, (Level)(place % Levels.Count), Math.Max(from[place], range.From),
                    Math.Min(through[place], range.To - 1)));
            }
        }

        return reads;
    }
}
