namespace Bitacora.Delivery.Positions;

/// <summary>Positions of one origin as merged intervals: ascending, disjoint, never touching. One thread.</summary>
internal sealed class PositionIntervals
{
    private readonly List<PositionRange> _ranges = [];

    public IReadOnlyList<PositionRange> Ranges => _ranges;

    /// <summary>When the origin's last batch came.</summary>
    public long LastSeen { get; set; }

    public bool Contains(ulong position)
    {
        var index = FirstEndingBehind(position);
        return index < _ranges.Count && _ranges[index].First <= position;
    }

    public bool Overlaps(ulong first, ulong end)
    {
        var index = FirstEndingBehind(first);
        return index < _ranges.Count && _ranges[index].First < end;
    }

    /// <summary>Adds a range; returns how many positions were forgotten because there were more ranges than allowed.</summary>
    public ulong Add(ulong first, ulong end, int maxRanges)
    {
        // An origin counts upwards: nearly always the last range grows.
        if (_ranges.Count > 0 && _ranges[^1] is var last && first >= last.First && first <= last.End)
        {
            _ranges[^1] = last with { End = Math.Max(last.End, end) };
            return 0;
        }

        var from = first == 0 ? 0 : FirstEndingBehind(first - 1);
        var to = from;
        while (to < _ranges.Count && _ranges[to].First <= end)
        {
            (first, end) = (Math.Min(first, _ranges[to].First), Math.Max(end, _ranges[to].End));
            to++;
        }

        _ranges.RemoveRange(from, to - from);
        _ranges.Insert(from, new PositionRange(first, end));
        return Bound(maxRanges);
    }

    private ulong Bound(int maxRanges)
    {
        if (_ranges.Count <= maxRanges)
        {
            return 0;
        }

        // A sixteenth at once, so that an origin at the bound does not move the whole list with every batch.
        var count = _ranges.Count - maxRanges + (maxRanges / 16);
        var forgotten = 0UL;
        for (var i = 0; i < count; i++)
        {
            forgotten += _ranges[i].End - _ranges[i].First;
        }

        _ranges.RemoveRange(0, count);
        return forgotten;
    }

    /// <summary>The first range whose end is greater than the position.</summary>
    private int FirstEndingBehind(ulong position)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].End > position)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
