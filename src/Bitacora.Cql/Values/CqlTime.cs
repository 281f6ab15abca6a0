namespace Bitacora.Cql.Values;

/// <summary>CQL's notions of time and .NET's.</summary>
internal static class CqlTime
{
    public const long NanosecondsPerDay = 86_400_000_000_000;

    private const int UnixEpochDay = 719_162;
    private const long WireEpochDay = 1L << 31;
    private const int NanosecondsPerTick = 100;

    /// <summary>Milliseconds since 1970, rounded towards the past, before 1970 too.</summary>
    public static long ToMilliseconds(DateTimeOffset time) =>
        Math.DivRem(time.UtcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMillisecond) is var (quotient, rest) && rest < 0
            ? quotient - 1
            : (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public static uint ToWireDay(DateOnly date) => (uint)(date.DayNumber - UnixEpochDay + WireEpochDay);

    /// <summary>CQL knows days that .NET does not: five million years either way.</summary>
    public static DateOnly FromWireDay(uint day)
    {
        var number = day - WireEpochDay + UnixEpochDay;
        return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : throw new OverflowException($"The date is {number - UnixEpochDay} days from 1970, which DateOnly does not reach.");
    }

    public static long ToNanoseconds(TimeOnly time) => time.Ticks * NanosecondsPerTick;

    /// <summary>Nanoseconds to ticks of 100: what is finer is cut off.</summary>
    public static TimeOnly FromNanoseconds(long nanoseconds) => nanoseconds is >= 0 and < NanosecondsPerDay
        ? new TimeOnly(nanoseconds / NanosecondsPerTick)
        : throw new CqlProtocolException($"a time of {nanoseconds} ns since midnight came");
}
