using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Partitioning;

/// <summary>The layouts of both layers, by the event times for which they hold. Immutable.</summary>
internal sealed class LayoutList
{
    private readonly Layout[][] _byLayer;

    /// <param name="application">The layouts of programs' records, in any order; may be empty.</param>
    /// <param name="infrastructure">The layouts of infrastructure's records.</param>
    public LayoutList(IEnumerable<Layout> application, IEnumerable<Layout> infrastructure) =>
        _byLayer = [WithFirst(application), WithFirst(infrastructure)];

    /// <summary>The layout that has always been.</summary>
    public static LayoutList Default { get; } = new([], []);

    /// <summary>The layouts of a layer, oldest first.</summary>
    public IReadOnlyList<Layout> Of(Layer layer) => _byLayer[(int)layer];

    /// <summary>The layout for records of an event time.</summary>
    public Layout At(Layer layer, long time)
    {
        var layouts = _byLayer[(int)layer];
        for (var i = layouts.Length - 1; i > 0; i--)
        {
            if (layouts[i].ValidFrom <= time)
            {
                return layouts[i];
            }
        }

        return layouts[0];
    }

    /// <summary>The buckets of a layer that overlap a range, newest first. The range's ends must be times of records.</summary>
    public IEnumerable<Bucket> Buckets(Layer layer, TimeRange range)
    {
        var layouts = _byLayer[(int)layer];
        var end = range.To;
        for (var i = layouts.Length - 1; i >= 0 && end > range.From; i--)
        {
            var layout = layouts[i];
            var first = Math.Max(layout.BucketBegin(range.From), i == 0 ? 0 : layout.ValidFrom);
            for (var begin = layout.BucketBegin(end - 1); begin >= first; begin -= layout.BucketTicks)
            {
                yield return new Bucket(layer, begin, begin + layout.BucketTicks, layout);
            }

            end = Math.Min(end, layout.ValidFrom);
        }
    }

    private static Layout[] WithFirst(IEnumerable<Layout> layouts)
    {
        Layout[] sorted = [.. layouts.OrderBy(layout => layout.ValidFrom)];
        return sorted.Length > 0 && sorted[0].ValidFrom == 0 ? sorted : [Layout.Default, .. sorted];
    }
}
