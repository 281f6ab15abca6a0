using System.Globalization;

namespace Bitacora.Query.Parsing;

/// <summary>Times: <c>YYYY-MM-DD[Thh:mm[:ss[.f]][Z|±hh[:mm]]]</c>, <c>now</c>, <c>today</c>, <c>yesterday</c>, <c>-15m</c>.</summary>
internal static class TimeLiteral
{
    internal const string Forms = "a time such as 2024-05-01, 2024-05-01T10:30, -15m, now, today or yesterday";

    /// <summary>Reads a time as ticks of 100 ns since 1970 UTC.</summary>
    /// <param name="text">The text, without quotes.</param>
    /// <param name="quoted">Whether it stood in quotes, where a blank may stand for the T.</param>
    /// <param name="now">The query's clock.</param>
    /// <param name="zone">The query's zone.</param>
    /// <param name="ticks">The time.</param>
    /// <returns>Whether the text is a time.</returns>
    internal static bool TryParse(string text, bool quoted, long now, TimeZoneInfo zone, out long ticks)
    {
        switch (text)
        {
            case "now":
                ticks = now;
                return true;
            case "today":
                ticks = Midnight(now, 0, zone);
                return true;
            case "yesterday":
                ticks = Midnight(now, -1, zone);
                return true;
        }

        if (text.StartsWith('-') && DurationLiteral.TryParseTicks(text, out long duration))
        {
            ticks = now + Math.Max(duration, -DateTime.MaxValue.Ticks);
            return true;
        }

        return TryParseDate(text, quoted, zone, out ticks);
    }

    private static long Midnight(long now, int days, TimeZoneInfo zone)
    {
        long local = now + ZoneClock.OffsetAt(now, zone);
        long day = (long)Math.Floor((decimal)local / TimeSpan.TicksPerDay) + days;
        return ZoneClock.ToUtc(day * TimeSpan.TicksPerDay, zone);
    }

    private static bool TryParseDate(string text, bool quoted, TimeZoneInfo zone, out long ticks)
    {
        ticks = 0;
        ReadOnlySpan<char> rest = text;
        if (!Number(ref rest, 4, out int year) || !Skip(ref rest, '-') || !Number(ref rest, 2, out int month)
            || !Skip(ref rest, '-') || !Number(ref rest, 2, out int day)
            || year is 0 || month is 0 or > 12 || day is 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        long local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        long? offset = null;
        if (rest.Length > 0
            && (!(Skip(ref rest, 'T') || (quoted && Skip(ref rest, ' '))) || !TryParseClock(ref rest, ref local)
                || !TryParseOffset(ref rest, out offset) || rest.Length > 0))
        {
            return false;
        }

        ticks = offset is long given ? local - given : ZoneClock.ToUtc(local, zone);
        return true;
    }

    private static bool TryParseClock(ref ReadOnlySpan<char> rest, ref long local)
    {
        if (!Number(ref rest, 2, out int hour) || !Skip(ref rest, ':') || !Number(ref rest, 2, out int minute)
            || hour > 23 || minute > 59)
        {
            return false;
        }

        local += (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (!Skip(ref rest, ':'))
        {
            return true;
        }

        if (!Number(ref rest, 2, out int second) || second > 59)
        {
            return false;
        }

        local += second * TimeSpan.TicksPerSecond;
        return !Skip(ref rest, '.') || TryParseFraction(ref rest, ref local);
    }

    private static bool TryParseFraction(ref ReadOnlySpan<char> rest, ref long local)
    {
        int end = rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        long unit = TimeSpan.TicksPerSecond / 10;
        foreach (char digit in digits)
        {
            local += (digit - '0') * unit;
            unit /= 10;
        }

        return digits.Length > 0;
    }

    private static bool TryParseOffset(ref ReadOnlySpan<char> rest, out long? offset)
    {
        offset = null;
        if (rest.Length == 0)
        {
            return true;
        }

        if (Skip(ref rest, 'Z'))
        {
            offset = 0;
            return true;
        }

        bool negative = rest[0] == '-';
        if (!(Skip(ref rest, '+') || Skip(ref rest, '-')) || !Number(ref rest, 2, out int hours) || hours > 23)
        {
            return false;
        }

        int minutes = 0;
        if (Skip(ref rest, ':') && (!Number(ref rest, 2, out minutes) || minutes > 59))
        {
            return false;
        }

        long ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        offset = negative ? -ticks : ticks;
        return true;
    }

    private static bool Number(ref ReadOnlySpan<char> rest, int digits, out int value)
    {
        value = 0;
        if (rest.Length < digits || rest[..digits].IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }

        value = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        rest = rest[digits..];
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<char> rest, char expected)
    {
        if (rest.Length == 0 || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }
}
