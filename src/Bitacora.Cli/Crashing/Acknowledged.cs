namespace Bitacora.Cli.Crashing;

/// <summary>Which of the records sent between two kills were acknowledged. Connections add to it at once.</summary>
internal sealed class Acknowledged
{
    // Guards the list and the sum.
    private readonly Lock _lock = new();
    private readonly List<(int First, int Count)> _runs = [];
    private long _count;

    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    public void Add(int first, int count)
    {
        lock (_lock)
        {
            _runs.Add((first, count));
            _count += count;
        }
    }

    /// <summary>Compares with how often each record was found.</summary>
    public CrashCount Compare(IReadOnlyDictionary<int, int> found)
    {
        lock (_lock)
        {
            var lost = _runs.Sum(run => (long)Enumerable.Range(run.First, run.Count).Count(number => !found.ContainsKey(number)));
            return new CrashCount(_count, found.Count, lost, found.Values.Count(times => times > 1));
        }
    }
}
