namespace Bitacora.Benchmarks.Serving;

/// <summary>Latencies in milliseconds. Safe to add to from any thread.</summary>
internal sealed class Latencies
{
    // Guards the list: senders add from their own threads.
    private readonly Lock _lock = new();
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Max => _values.Max();

    public void Add(double milliseconds)
    {
        lock (_lock)
        {
            _values.Add(milliseconds);
        }
    }

    /// <summary>Nearest rank, once everything was added.</summary>
    public double Percentile(double percent)
    {
        var sorted = _values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)];
    }
}
