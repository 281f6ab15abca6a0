namespace Bitacora.Query;

/// <summary>A half-open range of time in ticks of 100 ns since 1970 UTC.</summary>
/// <param name="From">The first tick inside.</param>
/// <param name="To">The first tick behind.</param>
public readonly record struct TimeRange(long From, long To)
{
    /// <summary>Every time there is.</summary>
    public static TimeRange Everything { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>Whether no time lies inside.</summary>
    public bool IsEmpty => From >= To;

    /// <summary>Whether <paramref name="ticks"/> lies inside.</summary>
    /// <param name="ticks">Ticks of 100 ns since 1970 UTC.</param>
    /// <returns>True from <see cref="From"/> to just before <see cref="To"/>.</returns>
    public bool Contains(long ticks) => ticks >= From && ticks < To;

    /// <summary>What lies in both ranges; empty where they do not meet.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>The intersection, half-open.</returns>
    public TimeRange Intersect(TimeRange other) => new(Math.Max(From, other.From), Math.Min(To, other.To));
}
