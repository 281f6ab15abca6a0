using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Times as senders write them, in units of 100 ns since 1970. What a text leaves open is fixed: no offset is UTC, digits beyond seven are
/// cut, numbers are seconds, milliseconds, microseconds or nanoseconds by their magnitude.
/// </summary>
internal static class TimeText
{
    /// <summary>
    /// <c>2024-05-01</c>, <c>2024-05-01T12:30:05.123456789+02:00</c>, <c>2024-05-01 12:30:05,123</c>, <c>2024/05/01 12:30 Z</c>, or a
    /// number.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks) => TryParse(text, out ticks, out _);

    /// <summary>The same; <paramref name="isLocal"/> says that the text leaves its offset open.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks, out bool isLocal)
    {
        ticks = 0;
        isLocal = false;
        if (text.Length < 10 || (text[4] is not ((byte)'-' or (byte)'/')) || text[7] != text[4])
        {
            return TryParseNumber(text, out ticks);
        }

        if (!TryYear(text, out var year) || !TryTwoDigits(text, 5, out var month) || !TryTwoDigits(text, 8, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        isLocal = text.Length == 10;
        return isLocal || (text[10] is (byte)'T' or (byte)'t' or (byte)' ' && TryAddTime(text[11..], ref ticks, out isLocal));
    }

    /// <summary>A number of seconds (below 10^11), milliseconds (10^14), microseconds (10^17) or nanoseconds, exact to 100 ns.</summary>
    public static bool TryParseNumber(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var negative = !text.IsEmpty && text[0] == '-';
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        if (whole.Length is 0 or > 19 || !ulong.TryParse(whole, System.Globalization.NumberStyles.None, null, out var number))
        {
            return TryParseExponent(text, out ticks);
        }

        // How many digits of the fraction are worth 100 ns or more.
        var fractionDigits = number < 100_000_000_000 ? 7 : number < 100_000_000_000_000 ? 4 : number < 100_000_000_000_000_000 ? 1 : -2;
        ticks = (long)(fractionDigits < 0 ? number / 100 : number * Power(fractionDigits));
        if (point >= 0 && fractionDigits > 0)
        {
            var fraction = digits[(point + 1)..];
            for (var i = 0; i < fractionDigits && i < fraction.Length; i++)
            {
                if ((uint)(fraction[i] - '0') > 9)
                {
                    return TryParseExponent(text, out ticks);
                }

                ticks += (fraction[i] - '0') * (long)Power(fractionDigits - 1 - i);
            }

            if (fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return TryParseExponent(text, out ticks);
            }
        }

        ticks = negative ? -ticks : ticks;
        return true;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IndexOfAny((byte)'e', (byte)'E') < 0 || !JsonLines.JsonNumber.TryReadText(text, out var number))
        {
            return false;
        }

        var size = Math.Abs(number);
        var perUnit = size < 1e11 ? 1e7 : size < 1e14 ? 1e4 : size < 1e17 ? 10 : 0.01;
        ticks = (long)Math.Clamp(number * perUnit, long.MinValue, long.MaxValue);
        return true;
    }

    private static bool TryAddTime(ReadOnlySpan<byte> text, ref long ticks, out bool isLocal)
    {
        isLocal = false;
        if (!TryTwoDigits(text, 0, out var hour) || hour > 23 || text.Length < 5 || text[2] != ':' || !TryTwoDigits(text, 3, out var minute)
            || minute > 59)
        {
            return false;
        }

        text = text[5..];
        var second = 0;
        if (text.Length > 0 && text[0] == ':')
        {
            // 60 is a leap second: the next minute's first.
            if (!TryTwoDigits(text, 1, out second) || second > 60)
            {
                return false;
            }

            text = text[3..];
            if (text.Length > 1 && text[0] is (byte)'.' or (byte)',')
            {
                var digits = 1;
                while (digits < text.Length && (uint)(text[digits] - '0') <= 9)
                {
                    ticks += digits <= 7 ? (text[digits] - '0') * (long)Power(7 - digits) : 0;
                    digits++;
                }

                text = text[digits..];
            }
        }

        ticks += ((((hour * 60L) + minute) * 60) + second) * RecordTime.Second;
        isLocal = text.IsEmpty;
        return TryAddOffset(text, ref ticks);
    }

    private static bool TryAddOffset(ReadOnlySpan<byte> text, ref long ticks)
    {
        if (text.Length > 0 && text[0] == ' ')
        {
            text = text[1..];
        }

        if (text.IsEmpty || text.SequenceEqual("Z"u8) || text.SequenceEqual("z"u8) || text.SequenceEqual("UTC"u8)
            || text.SequenceEqual("GMT"u8))
        {
            return true;
        }

        if (text[0] is not ((byte)'+' or (byte)'-') || !TryTwoDigits(text, 1, out var hours) || hours > 23)
        {
            return false;
        }

        var minutes = 0;
        var rest = text[3..];
        rest = rest.Length > 0 && rest[0] == ':' ? rest[1..] : rest;
        if (rest.Length > 0 && (rest.Length != 2 || !TryTwoDigits(rest, 0, out minutes) || minutes > 59))
        {
            return false;
        }

        var offset = ((hours * 60L) + minutes) * 60 * RecordTime.Second;
        ticks -= text[0] == '-' ? -offset : offset;
        return true;
    }

    private static bool TryYear(ReadOnlySpan<byte> text, out int year)
    {
        year = 0;
        if (!TryTwoDigits(text, 0, out var century) || !TryTwoDigits(text, 2, out var rest))
        {
            return false;
        }

        year = (century * 100) + rest;
        return true;
    }

    private static bool TryTwoDigits(ReadOnlySpan<byte> text, int at, out int value)
    {
        value = 0;
        if (text.Length < at + 2)
        {
            return false;
        }

        var (tens, ones) = (text[at] - '0', text[at + 1] - '0');
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }

    private static ulong Power(int exponent)
    {
        ReadOnlySpan<ulong> powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
        return powers[exponent];
    }
}
