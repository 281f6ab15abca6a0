using System.Globalization;
using System.Numerics;
using System.Text;

namespace Bitacora.Query.Parsing;

/// <summary>Durations: a number and one of <c>ns us ms s m h d w</c>, read in decimal so that 1.001s is exactly 1001 ms.</summary>
internal static class DurationLiteral
{
    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("ns", 1),
        ("us", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000),
        ("w", 604_800_000_000_000),
    ];

    /// <summary>Reads a duration, which may bear a sign, as a whole number of units of 10^-scale nanoseconds.</summary>
    internal static bool TryParse(string text, out BigInteger value, out int scale)
    {
        value = default;
        scale = 0;
        if (text.Length is 0 or > NumberLiteral.MaximumLength || !Ascii.IsValid(text))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[text.Length];
        Encoding.ASCII.GetBytes(text, bytes);
        int length = NumberLiteral.Scan(bytes);
        long unit = 0;
        foreach ((string name, long nanoseconds) in Units)
        {
            if (text.AsSpan(length).SequenceEqual(name))
            {
                unit = nanoseconds;
            }
        }

        return length > 0 && unit != 0 && TryScale(text[..length], unit, out value, out scale);
    }

    /// <summary>Reads a duration as the milliseconds that <c>duration_ms</c> is compared with.</summary>
    internal static bool TryParseMilliseconds(string text, out QueryNumber number)
    {
        number = default;
        if (!TryParse(text, out BigInteger value, out int scale))
        {
            return false;
        }

        BigInteger divisor = BigInteger.Pow(10, scale + 6);
        BigInteger whole = BigInteger.DivRem(value, divisor, out BigInteger rest);
        if (rest.IsZero && whole >= long.MinValue && whole <= long.MaxValue)
        {
            number = new QueryNumber((long)whole);
            return true;
        }

        // Through decimal text, so that the double is the one nearest to what was written.
        string digits = value.ToString(CultureInfo.InvariantCulture) + "e-" + (scale + 6).ToString(CultureInfo.InvariantCulture);
        number = new QueryNumber(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture));
        return double.IsFinite(number.Double);
    }

    /// <summary>Reads a duration in ticks of 100 ns; a part of a tick is cut.</summary>
    internal static bool TryParseTicks(string text, out long ticks)
    {
        ticks = 0;
        if (!TryParse(text, out BigInteger value, out int scale))
        {
            return false;
        }

        BigInteger whole = BigInteger.Divide(value, BigInteger.Pow(10, scale + 2));
        if (whole < long.MinValue || whole > long.MaxValue)
        {
            return false;
        }

        ticks = (long)whole;
        return true;
    }

    private static bool TryScale(string number, long unit, out BigInteger value, out int scale)
    {
        value = default;
        scale = 0;
        int exponent = 0;
        int e = number.AsSpan().IndexOfAny('e', 'E');
        string mantissa = e < 0 ? number : number[..e];

        // An exponent beyond a double's would only make the numbers huge.
        if (e >= 0 && (!int.TryParse(number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
            || Math.Abs(exponent) > 400))
        {
            return false;
        }

        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        value = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * unit;
        scale = fraction - exponent;
        if (scale < 0)
        {
            value *= BigInteger.Pow(10, -scale);
            scale = 0;
        }

        return true;
    }
}
