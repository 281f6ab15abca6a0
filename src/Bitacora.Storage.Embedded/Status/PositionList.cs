using System.Collections.Immutable;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.Sealing;

namespace Bitacora.Storage.Embedded.Status;

/// <summary>
/// Which positions files hold, of origins that are in use: an origin whose last batch is young, in whatever file, is known with all of its
/// positions, however old.
/// </summary>
internal sealed class PositionList(EngineConnection connection, ImmutableArray<DayFile> files, TimeProvider time)
{
    // A day longer than positions are known: the last batch of an origin may be in the write-ahead log only, and the pipeline, which reads
    // that, is the one that forgets.
    private const long InUseTicks = 9 * TimeSpan.TicksPerDay;

    public IReadOnlyList<OriginPositions> Read(CancellationToken cancellationToken)
    {
        var summaries = new FileSummaries(connection);
        var since = RecordTime.Now(time) - InUseTicks;
        var lastSeen = new Dictionary<OriginKey, long>();
        foreach (var file in files.Where(file => !file.Segments.IsEmpty && file.Segments[^1].SealedAt >= since))
        {
            cancellationToken.ThrowIfCancellationRequested();
            summaries.AddLastSeen(file, since, lastSeen);
        }

        if (lastSeen.Count == 0)
        {
            return [];
        }

        var positions = lastSeen.Keys.ToDictionary(key => key, _ => new PositionIntervals());
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            summaries.AddPositions(file, positions);
        }

        return
        [
            .. positions.Select(each => new OriginPositions(
                each.Key.Sender,
                each.Key.Origin,
                [.. each.Value.Merged().Select(range => new PositionRange(range.First, range.Past))],
                lastSeen[each.Key])),
        ];
    }
}
