namespace Bitacora.Alerting.Outbox;

/// <summary>
/// When a notification is tried again: after 5 s, doubled each time up to 5 min, of which a random part between half and all, and not
/// before the receiver wants it. Given up after three days. Pure arithmetic.
/// </summary>
internal static class DeliverySchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>How long a notification is tried.</summary>
    public static TimeSpan GivenUpAfter { get; } = TimeSpan.FromDays(3);

    /// <summary>The longest that a receiver may ask for.</summary>
    public static TimeSpan LongestAsked { get; } = TimeSpan.FromHours(1);

    /// <summary>Whether it may be tried. A time that no wait leads to is of a clock that was ahead.</summary>
    public static bool IsDue(long notBefore, long now) => notBefore <= now || notBefore > now + LongestAsked.Ticks;

    public static TimeSpan Wait(int attempts, TimeSpan? asked, Random random)
    {
        // 2^6 times 5 s is already more than the longest.
        var full = TimeSpan.FromTicks(Math.Min(First.Ticks << Math.Clamp(attempts - 1, 0, 6), Longest.Ticks));
        var wait = (full / 2) + (full / 2 * random.NextDouble());
        return asked is { } least && least > wait ? least : wait;
    }
}
