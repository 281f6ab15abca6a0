namespace Bitacora.Cli.Measuring;

/// <summary>How long each of several things took.</summary>
internal sealed class Timings
{
    private readonly List<double> _sorted;

    /// <param name="durations">At least one, in any order.</param>
    public Timings(IEnumerable<TimeSpan> durations)
    {
        _sorted = [.. durations.Select(duration => duration.TotalMilliseconds).Order()];
        ArgumentOutOfRangeException.ThrowIfZero(_sorted.Count, nameof(durations));
    }

    public double TotalMilliseconds => _sorted.Sum();

    public double AverageMilliseconds => _sorted.Average();

    public double MaxMilliseconds => _sorted[^1];

    /// <summary>That of which so many of a hundred took at most as long: the nearest that was measured, nothing in between.</summary>
    public double Percentile(double percent) => _sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * _sorted.Count) - 1)];
}
