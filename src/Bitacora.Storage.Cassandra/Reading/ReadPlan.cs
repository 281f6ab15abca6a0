using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Finds out from a partition's manifests which of its levels must be read, and between which times.</summary>
internal static class ReadPlan
{
    public static async Task<List<RowRead>> OfAsync(QueryRun run, Layer layer, PartitionKey key, TimeRange range)
    {
        var manifests = await run.ManifestsAsync(layer, key, run.Filter.Parts).ConfigureAwait(false);
        return Of(run, layer, key, range, manifests);
    }

    public static List<RowRead> Of(QueryRun run, Layer layer, PartitionKey key, TimeRange range, IReadOnlyList<Manifest> manifests)
    {
        Span<long> from = stackalloc long[Levels.Count];
        Span<long> through = stackalloc long[Levels.Count];
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
                    from[level] = Math.Min(from[level], manifest.First.Time);
                    through[level] = Math.Max(through[level], manifest.Last.Time);
                }
            }
        }

        run.Trace.Manifests(manifests.Count, chosen);
        var reads = new List<RowRead>();
        for (var level = 0; level < Levels.Count; level++)
        {
            if (from[level] <= through[level])
            {
                reads.Add(new RowRead(
                    layer, key, (Level)level, Math.Max(from[level], range.From), Math.Min(through[level], range.To - 1)));
            }
        }

        return reads;
    }
}
