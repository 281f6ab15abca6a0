using System.Collections.Immutable;
using Bitacora.Query;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>A file that a query may have to read.</summary>
/// <param name="File">The file.</param>
/// <param name="Segments">The segments that may hold matching records, newest first.</param>
/// <param name="InRange">All segments that overlap the range, whatever their levels.</param>
/// <param name="All">All segments that were published when the query began; rows behind them are not the query's.</param>
internal sealed record FileScan(
    DayFile File, ImmutableArray<Segment> Segments, ImmutableArray<Segment> InRange, ImmutableArray<Segment> All)
{
    /// <summary>The files whose segments overlap the query's range.</summary>
    public static ImmutableArray<FileScan> Choose(ImmutableArray<FileView> files, LogQuery query)
    {
        var range = query.Range;
        var levels = PossibleBits.Levels(query.Filter);
        var layers = PossibleBits.Layers(query.Filter);
        var chosen = ImmutableArray.CreateBuilder<FileScan>();
        foreach (var view in files)
        {
            ImmutableArray<Segment> inRange =
                [.. view.Segments.Where(segment => segment.LastTime >= range.From && segment.FirstTime < range.To)];
            if (!range.IsEmpty && inRange.Length > 0)
            {
                chosen.Add(new FileScan(
                    view.File,
                    [.. inRange
                        .Where(segment => (segment.LevelBits & levels) != 0 && (segment.LayerBits & layers) != 0)
                        .OrderByDescending(segment => segment.LastTime)],
                    inRange,
                    view.Segments));
            }
        }

        return chosen.ToImmutable();
    }
}
