using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.Sealing;

namespace Bitacora.Storage.Embedded.Status;

/// <summary>Which positions files hold, of origins whose last batch is at most 8 days old.</summary>
internal sealed class PositionList(EngineDatabase engine, FileCatalogue files, TimeProvider time)
{
    public IReadOnlyList<OriginPositions> Read(CancellationToken cancellationToken)
    {
        var since = RecordTime.Now(time) - FileKey.LateAfterTicks;
        var positions = new Dictionary<OriginKey, (List<(ulong First, ulong Past)> Ranges, long LastSeen)>();
        using (var connection = engine.Connect())
        {
            var summaries = new FileSummaries(connection);
            foreach (var file in files.Files.Where(file => !file.Segments.IsEmpty && file.Segments[^1].SealedAt >= since))
            {
                cancellationToken.ThrowIfCancellationRequested();
                summaries.AddPositions(file, since, positions);
            }
        }

        return
        [
            .. positions.Select(each =>
                new OriginPositions(each.Key.Sender, each.Key.Origin, Merge(each.Value.Ranges), each.Value.LastSeen)),
        ];
    }

    private static IReadOnlyList<PositionRange> Merge(List<(ulong First, ulong Past)> ranges)
    {
        var merged = new PositionIntervals();
        foreach (var (first, past) in ranges)
        {
            merged.Add(first, past);
        }

        return [.. merged.Merged().Select(range => new PositionRange(range.First, range.Past))];
    }
}
