namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>Half-open intervals of positions of one origin, merged where they touch.</summary>
internal sealed class PositionIntervals
{
    private readonly List<(ulong First, ulong Past)> _intervals = [];

    public bool IsEmpty => _intervals.Count == 0;

    public void Add(ulong first, ulong past)
    {
        if (_intervals.Count > 0 && _intervals[^1].Past == first)
        {
            _intervals[^1] = (_intervals[^1].First, past);
        }
        else
        {
            _intervals.Add((first, past));
        }
    }

    public IReadOnlyList<(ulong First, ulong Past)> Merged()
    {
        _intervals.Sort();
        var merged = new List<(ulong First, ulong Past)>(_intervals.Count);
        foreach (var interval in _intervals)
        {
            if (merged.Count > 0 && interval.First <= merged[^1].Past)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Past, interval.Past));
            }
            else
            {
                merged.Add(interval);
            }
        }

        return merged;
    }
}
