namespace Bitacora.Query.Parsing;

/// <summary>
/// Local times of a zone as instants: one that comes twice is the earlier, one that never comes is shifted forward by the gap.
/// </summary>
internal static class ZoneClock
{
    private static readonly long MinimumTicks = TimeSpan.FromDays(2).Ticks;
    private static readonly long MaximumTicks = DateTime.MaxValue.Ticks - TimeSpan.FromDays(2).Ticks;

    /// <summary>The instant of a local time, both in ticks of 100 ns since 1970.</summary>
    internal static long ToUtc(long local, TimeZoneInfo zone)
    {
        long before = OffsetAt(local - TimeSpan.TicksPerDay, zone);
        long after = OffsetAt(local + TimeSpan.TicksPerDay, zone);
        if (before == after)
        {
            return local - before;
        }

        // Both readings are valid when the clock was set back; none when it was set forward over this time.
        bool beforeHolds = OffsetAt(local - before, zone) == before;
        bool afterHolds = OffsetAt(local - after, zone) == after;
        return beforeHolds && afterHolds ? Math.Min(local - before, local - after)
            : afterHolds ? local - after
            : local - before;
    }

    /// <summary>The zone's offset at an instant, in ticks.</summary>
    internal static long OffsetAt(long utc, TimeZoneInfo zone)
    {
        long ticks = Math.Clamp(utc + DateTime.UnixEpoch.Ticks, MinimumTicks, MaximumTicks);
        return zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Utc)).Ticks;
    }
}
