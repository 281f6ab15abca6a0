using System.Globalization;
using Bitacora.Query.Parsing;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>The buckets of <c>time(d)</c>.</summary>
/// <remarks>Shorter than a day: from 1970 on, in UTC. Whole days: at the first instant of a local date of the query's zone, counted from
/// 1970-01-01, or of whole weeks from Monday 1969-12-29; a day of 23 or 25 hours is one bucket. Safe to use from several threads.</remarks>
public sealed class TimeBuckets
{
    private static readonly long FirstMonday = -3;

    private readonly int _days;

    internal TimeBuckets(long length, TimeZoneInfo zone)
    {
        Length = length;
        Zone = zone;
        _days = length % TimeSpan.TicksPerDay == 0 ? (int)(length / TimeSpan.TicksPerDay) : 0;
    }

    /// <summary>The nominal length in ticks of 100 ns.</summary>
    public long Length { get; }

    /// <summary>The zone whose midnights bound buckets of whole days.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Whether buckets are of whole days, so that the zone decides.</summary>
    public bool IsDays => _days > 0;

    /// <summary>The bucket that holds a time.</summary>
    /// <param name="ticks">Ticks of 100 ns since 1970 UTC.</param>
    /// <returns>The bucket; its begin is its label.</returns>
    public TimeRange BucketOf(long ticks)
    {
        if (!IsDays)
        {
            long begin = Floor(ticks, Length) * Length;
            return new TimeRange(begin, begin + Length);
        }

        long day = LocalDay(ticks);
        long origin = _days % 7 == 0 ? FirstMonday : 0;
        long first = origin + (Floor(day - origin, _days) * _days);
        return new TimeRange(BeginOf(first), BeginOf(first + _days));
    }

    /// <summary>The length as a query may write it.</summary>
    /// <returns>The text, such as <c>time(3600s)</c>.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"time({(decimal)Length / TimeSpan.TicksPerSecond}s)");

    /// <summary>Whether a length divides a day or is whole days.</summary>
    internal static bool IsAllowed(long ticks) => ticks > 0
        && (ticks < TimeSpan.TicksPerDay ? TimeSpan.TicksPerDay % ticks == 0 : ticks % TimeSpan.TicksPerDay == 0)
        && ticks <= RecordTime.Max / 2;

    /// <summary>The local date, in days since 1970, that began last at or before the instant.</summary>
    private long LocalDay(long ticks)
    {
        long day = Floor(ticks + ZoneClock.OffsetAt(ticks, Zone), TimeSpan.TicksPerDay);

        // A clock set back over midnight shows yesterday's date again: the day has begun all the same.
        while (BeginOf(day + 1) <= ticks)
        {
            day++;
        }

        while (BeginOf(day) > ticks)
        {
            day--;
        }

        return day;
    }

    private long BeginOf(long day) => ZoneClock.ToUtc(day * TimeSpan.TicksPerDay, Zone);

    private static long Floor(long value, long divisor)
    {
        long quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}
