using System.Collections.Immutable;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.Sealing;

namespace Bitacora.Storage.Embedded.Status;

/// <summary>
/// Which positions files hold and held, of origins that are in use: an origin whose last batch is young, in whatever file, is known with
/// all of its positions, however old. Of a file that cannot say it they are not known: what is in it is stored again should its sender
/// send it again.
/// </summary>
internal sealed class PositionList(
    EngineConnection connection, ImmutableArray<DayFile> files, CarriedPositions carried, TimeProvider time)
{
    // A day longer than positions are known: the last batch of an origin may be in the write-ahead log only, and the pipeline, which reads
    // that, is the one that forgets.
    private const long InUseTicks = 9 * TimeSpan.TicksPerDay;

    /// <summary>All of them.</summary>
    public IReadOnlyList<OriginPositions> Read(CancellationToken cancellationToken) => ReadOf(files, cancellationToken);

    /// <summary>Those to carry over when a file goes: its own, and what was carried over before.</summary>
    public IReadOnlyList<OriginPositions> ReadToCarry(DayFile leaving, CancellationToken cancellationToken) =>
        ReadOf([leaving], cancellationToken);

    private IReadOnlyList<OriginPositions> ReadOf(ImmutableArray<DayFile> holders, CancellationToken cancellationToken)
    {
        var summaries = new FileSummaries(connection);
        var since = RecordTime.Now(time) - InUseTicks;
        var before = carried.Read();
        var lastSeen = before
            .Where(origin => origin.LastSeen >= since)
            .ToDictionary(origin => new OriginKey(origin.Sender, origin.Origin), origin => origin.LastSeen);
        foreach (var file in files.Where(file => !file.Segments.IsEmpty && file.Segments[^1].SealedAt >= since))
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.TryRead(FileSchema.OriginIntervals, () => summaries.AddLastSeen(file, since, lastSeen));
        }

        if (lastSeen.Count == 0)
        {
            return [];
        }

        var positions = lastSeen.Keys.ToDictionary(key => key, _ => new PositionIntervals());
        foreach (var origin in before)
        {
            if (positions.TryGetValue(new OriginKey(origin.Sender, origin.Origin), out var intervals))
            {
                foreach (var range in origin.Ranges)
                {
                    intervals.Add(range.First, range.End);
                }
            }
        }

        foreach (var file in holders)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.TryRead(FileSchema.OriginIntervals, () => summaries.AddPositions(file, positions));
        }

        return
        [
            .. positions.Where(each => !each.Value.IsEmpty).Select(each => new OriginPositions(
                each.Key.Sender,
                each.Key.Origin,
                [.. each.Value.Merged().Select(range => new PositionRange(range.First, range.Past))],
                lastSeen[each.Key])),
        ];
    }
}
