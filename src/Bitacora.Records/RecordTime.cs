using System.Globalization;

namespace Bitacora.Records;

/// <summary>
/// Times of records: UTC, in units of 100 ns since 1970-01-01 (<em>Unix ticks</em>), held in a <see cref="long"/>.
/// </summary>
public static class RecordTime
{
    /// <summary>Ticks in a second.</summary>
    public const long Second = TimeSpan.TicksPerSecond;

    /// <summary>Ticks in a millisecond.</summary>
    public const long Millisecond = TimeSpan.TicksPerMillisecond;

    /// <summary>Ticks in a day.</summary>
    public const long Day = TimeSpan.TicksPerDay;

    internal const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>The last time a record may bear: the last tick of the year 9999.</summary>
    public static long Max { get; } = DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks;

    /// <summary>The time as Unix ticks.</summary>
    public static long From(DateTimeOffset time) => time.UtcTicks - DateTime.UnixEpoch.Ticks;

    /// <summary>Unix ticks as a time in UTC, limited to the years 1 to 9999.</summary>
    public static DateTimeOffset ToDateTimeOffset(long unixTicks) =>
        new(Math.Clamp(unixTicks, -DateTime.UnixEpoch.Ticks, Max) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>The one way in which times are written: <c>2024-05-01T12:30:05.1234567Z</c>.</summary>
    public static string Format(long unixTicks) =>
        ToDateTimeOffset(unixTicks).ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>The clock's time as Unix ticks.</summary>
    public static long Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return From(clock.GetUtcNow());
    }
}
