namespace Bitacora.Alerting.Evaluation;

/// <summary>Counts of records by group and minute, from which the count of any window within is read off.</summary>
internal sealed class MinuteCounts
{
    private readonly Dictionary<string, SortedDictionary<long, long>> _added = [];
    private readonly Dictionary<string, (long[] Minutes, long[] Sums)> _sums = [];

    public IEnumerable<string> Groups => _added.Keys;

    public void Add(string group, long minute, long count)
    {
        if (!_added.TryGetValue(group, out var minutes))
        {
            _added[group] = minutes = [];
        }

        minutes[minute] = minutes.GetValueOrDefault(minute) + count;
        _sums.Remove(group);
    }

    /// <summary>What was added of a group.</summary>
    public IEnumerable<(long Minute, long Count)> MinutesOf(string group) => _added[group].Select(one => (one.Key, one.Value));

    /// <summary>The records of a group in the window that ends on a minute.</summary>
    public long Window(string group, long end, int length) => Until(group, end) - Until(group, end - length);

    /// <summary>The last minute before an end in which a group has records; null without any.</summary>
    public long? LastBefore(string group, long end)
    {
        var (minutes, _) = SumsOf(group);
        var next = FirstFrom(minutes, end);
        return next == 0 ? null : minutes[next - 1];
    }

    private long Until(string group, long end)
    {
        var (minutes, sums) = SumsOf(group);
        var next = FirstFrom(minutes, end);
        return next == 0 ? 0 : sums[next - 1];
    }

    private static int FirstFrom(long[] minutes, long minute)
    {
        var found = Array.BinarySearch(minutes, minute);
        return found < 0 ? ~found : found;
    }

    private (long[] Minutes, long[] Sums) SumsOf(string group)
    {
        if (_sums.TryGetValue(group, out var known))
        {
            return known;
        }

        if (!_added.TryGetValue(group, out var counts))
        {
            return ([], []);
        }

        var sums = counts.Values.ToArray();
        for (var i = 1; i < sums.Length; i++)
        {
            sums[i] += sums[i - 1];
        }

        return _sums[group] = ([.. counts.Keys], sums);
    }
}
