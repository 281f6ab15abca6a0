using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Takes the parts of which log formats make up their times. Dates and local times are in units of 100 ns since 1970, as if their zone were
/// UTC; <see cref="FormatContext.FromLocal"/> or an offset makes them times. Where nothing fits, the cursor stays.
/// </summary>
internal static class TimeCursor
{
    /// <summary><c>2026-11-23</c> or <c>2026/11/23</c>.</summary>
    public static bool TryTakeDate(ref ByteCursor text, out long ticks)
    {
        ticks = 0;
        var bytes = text.Rest;
        if (bytes.Length < 10 || bytes[4] is not ((byte)'-' or (byte)'/') || bytes[7] != bytes[4]
            || !TryTwo(bytes, 0, out var century) || !TryTwo(bytes, 2, out var year) || !TryTwo(bytes, 5, out var month)
            || !TryTwo(bytes, 8, out var day) || !TryDay((century * 100) + year, month, day, out ticks))
        {
            return false;
        }

        text.At += 10;
        return true;
    }

    /// <summary><c>06:42:18</c>, with an hour of one digit behind a blank too, and any fraction behind a point or comma.</summary>
    public static bool TryTakeTime(ref ByteCursor text, out long ticks)
    {
        ticks = 0;
        var start = text.At;
        if (text.Next == ' ' && text.Peek(2) == ':')
        {
            text.At++;
        }

        var bytes = text.Rest;
        int hour;
        if (bytes.Length >= 8 && bytes[2] == ':' && TryTwo(bytes, 0, out hour))
        {
            bytes = bytes[3..];
            text.At += 3;
        }
        else if (bytes.Length >= 7 && bytes[1] == ':' && (uint)(bytes[0] - '0') <= 9)
        {
            hour = bytes[0] - '0';
            bytes = bytes[2..];
            text.At += 2;
        }
        else
        {
            text.At = start;
            return false;
        }

        // 60 is a leap second: the next minute's first.
        if (hour > 23 || !TryTwo(bytes, 0, out var minute) || minute > 59 || bytes[2] != ':' || !TryTwo(bytes, 3, out var second)
            || second > 60)
        {
            text.At = start;
            return false;
        }

        text.At += 5;
        ticks = ((((hour * 60L) + minute) * 60) + second) * RecordTime.Second;
        if (text.Next is (byte)'.' or (byte)',' && (uint)(text.Peek(1) - '0') <= 9)
        {
            text.At++;
            ticks += TakeFraction(ref text);
        }

        return true;
    }

    /// <summary>A date, a blank or <c>T</c>, and a time.</summary>
    public static bool TryTakeDateTime(ref ByteCursor text, out long ticks)
    {
        var start = text.At;
        if (TryTakeDate(ref text, out ticks) && (text.Next is (byte)'T' or (byte)' '))
        {
            text.At++;
            if (TryTakeTime(ref text, out var time))
            {
                ticks += time;
                return true;
            }
        }

        text.At = start;
        return false;
    }

    /// <summary><c>23/Nov/2026:06:42:18 +0000</c>, as web servers write it. The offset may be missing.</summary>
    public static bool TryTakeWebTime(ref ByteCursor text, out long ticks, out bool hasOffset)
    {
        (ticks, hasOffset) = (0, false);
        var start = text.At;
        var bytes = text.Rest;
        if (bytes.Length >= 20 && bytes[2] == '/' && bytes[6] == '/' && bytes[11] is (byte)':' or (byte)' ' && TryTwo(bytes, 0, out var day)
            && TryTwo(bytes, 7, out var century) && TryTwo(bytes, 9, out var year)
            && TryDay((century * 100) + year, MonthNames.Parse(bytes.Slice(3, 3)), day, out ticks))
        {
            text.At += 12;
            if (TryTakeTime(ref text, out var time))
            {
                ticks += time;
                var end = text.At;
                text.SkipBlanks();
                hasOffset = TryTakeOffset(ref text, out var offset);
                ticks -= offset;
                text.At = hasOffset ? text.At : end;
                return true;
            }
        }

        text.At = start;
        return false;
    }

    /// <summary><c>Nov 23 06:44:13</c>, <c>Nov  3 06:44:13</c>; the year is the context's.</summary>
    public static bool TryTakeSyslogTime(ref ByteCursor text, FormatContext context, out long ticks)
    {
        ticks = 0;
        if (!TryShapeOfSyslogTime(text.Rest, out var month, out var day))
        {
            return false;
        }

        var start = text.At;
        text.At += 7;
        if (TryTakeTime(ref text, out var time) && TryDay(context.YearOf(month, day), month, day, out ticks))
        {
            ticks += time;
            return true;
        }

        text.At = start;
        return false;
    }

    /// <summary>Whether a text begins as <see cref="TryTakeSyslogTime"/> wants it, without asking for a year.</summary>
    public static bool TryShapeOfSyslogTime(ReadOnlySpan<byte> bytes, out int month, out int day)
    {
        (month, day) = (0, 0);
        if (bytes.Length < 15 || bytes[3] != ' ' || bytes[6] != ' ' || bytes[9] != ':' || bytes[12] != ':'
            || (month = MonthNames.Parse(bytes[..3])) == 0)
        {
            return false;
        }

        day = ((bytes[4] == ' ' ? 0 : bytes[4] - '0') * 10) + bytes[5] - '0';
        return day is >= 1 and <= 31 && day <= DateTime.DaysInMonth(2024, month);
    }

    /// <summary>
    /// An offset to UTC in units of 100 ns: <c>Z</c>, <c>+01</c>, <c>+0100</c>, <c>+01:00</c>, or an abbreviation of a zone that means
    /// one.
    /// </summary>
    public static bool TryTakeOffset(ref ByteCursor text, out long offset)
    {
        offset = 0;
        var bytes = text.Rest;
        if (bytes.IsEmpty)
        {
            return false;
        }

        if (bytes[0] is (byte)'+' or (byte)'-')
        {
            if (!TryTwo(bytes, 1, out var hours) || hours > 23)
            {
                return false;
            }

            var length = 3;
            var at = bytes.Length > 3 && bytes[3] == ':' ? 4 : 3;
            if (TryTwo(bytes, at, out var minutes) && minutes <= 59)
            {
                length = at + 2;
            }
            else
            {
                minutes = 0;
            }

            offset = ((hours * 60L) + minutes) * 60 * RecordTime.Second * (bytes[0] == '-' ? -1 : 1);
            text.At += length;
            return true;
        }

        var letters = bytes.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        letters = letters < 0 ? bytes.Length : letters;
        if (letters is 0 or > 5 || !ZoneNames.TryParse(bytes[..letters], out var named))
        {
            return false;
        }

        offset = named * 60L * RecordTime.Second;
        text.At += letters;
        return true;
    }

    /// <summary>
    /// A local time with what stands behind it: an offset, or an abbreviation of a zone with or without a blank before it. One that means
    /// several zones is stepped over, and the context's zone holds, as it does where nothing stands there.
    /// </summary>
    /// <returns>The time in Unix ticks.</returns>
    public static long TakeZone(ref ByteCursor text, FormatContext context, long localTicks)
    {
        var start = text.At;
        text.TryTake((byte)' ');
        if (TryTakeOffset(ref text, out var offset))
        {
            return localTicks - offset;
        }

        var letters = text.Rest.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        letters = letters < 0 ? text.Rest.Length : letters;
        text.At = letters is >= 2 and <= 5 ? text.At + letters : start;
        return context.FromLocal(localTicks);
    }

    /// <summary>Midnight of a day.</summary>
    public static bool TryDay(int year, int month, int day, out long ticks)
    {
        ticks = 0;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        return true;
    }

    private static long TakeFraction(ref ByteCursor text)
    {
        var ticks = 0L;
        var unit = RecordTime.Second / 10;
        for (; (uint)(text.Next - '0') <= 9; text.At++)
        {
            ticks += (text.Next - '0') * unit;
            unit /= 10;
        }

        return ticks;
    }

    private static bool TryTwo(ReadOnlySpan<byte> bytes, int at, out int value)
    {
        value = 0;
        if (bytes.Length < at + 2)
        {
            return false;
        }

        var (tens, ones) = (bytes[at] - '0', bytes[at + 1] - '0');
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }
}
