namespace Bitacora.Delivery;

/// <summary>
/// How long to wait before trying again: 100 ms, doubled each time up to 30 s, and from that a random part between half and all, so that
/// many that failed together do not come back together. Pure arithmetic.
/// </summary>
public sealed class RetrySchedule
{
    private readonly Random _random;
    private int _failures;

    /// <summary>Begins at the first wait.</summary>
    public RetrySchedule(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
    }

    /// <summary>The first wait before jitter: 100 ms.</summary>
    public static TimeSpan First { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait: 30 s.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How often <see cref="Next"/> was called since the last success.</summary>
    public int Failures => _failures;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        // 2^9 times 100 ms is already more than the longest.
        var full = TimeSpan.FromTicks(Math.Min(First.Ticks << Math.Min(_failures, 9), Longest.Ticks));
        _failures++;
        return (full / 2) + (full / 2 * _random.NextDouble());
    }

    /// <summary>Begins anew after a success.</summary>
    public void Reset() => _failures = 0;
}
