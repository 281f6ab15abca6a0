namespace Bitacora.Cql.Values;

/// <summary>CQL's notions of time and .NET's.</summary>
internal static class CqlTime
{
    public const long NanosecondsPerDay = 86_400_000_000_000;

    private const int UnixEpochDay = 719_162;
    private const long WireEpochDay = 1L << 31;
    private const int NanosecondsPerTick = 100;

    private static readonly long _minMilliseconds = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _maxMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds since 1970, rounded towards the past, before 1970 too.</summary>
    public static long ToMilliseconds(DateTimeOffset time) =>
        Math.DivRem(time.UtcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMillisecond) is var (quotient, rest) && rest < 0
            ? quotient - 1
            : (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public static uint ToWireDay(DateOnly date) => (uint)(date.DayNumber - UnixEpochDay + WireEpochDay);

    /// <summary>Null: CQL knows times that .NET does not, three hundred million years either way.</summary>
    public static DateTimeOffset? FromMilliseconds(long milliseconds) =>
        milliseconds >= _minMilliseconds && milliseconds <= _maxMilliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>Days since 1970.</summary>
    public static long FromWireDay(uint day) => day - WireEpochDay;

    /// <summary>Null: CQL knows days that .NET does not, five million years either way.</summary>
    public static DateOnly? FromDays(long days)
    {
        var number = days + UnixEpochDay;
        return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)number) : null;
    }

    public static long ToNanoseconds(TimeOnly time) => time.Ticks * NanosecondsPerTick;

    /// <summary>Nanoseconds to ticks of 100: what is finer is cut off. Null: it is no time of a day.</summary>
    public static TimeOnly? FromNanoseconds(long nanoseconds) =>
        nanoseconds is >= 0 and < NanosecondsPerDay ? new TimeOnly(nanoseconds / NanosecondsPerTick) : null;
}
