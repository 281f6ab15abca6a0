using System.Globalization;
using System.Text;

namespace Bitacora.Query.Parsing;

/// <summary>Numbers, as a query writes them and as a text attribute may hold them.</summary>
internal static class NumberLiteral
{
    /// <summary>Numbers of more characters are none, in queries and in records, so that every engine can follow.</summary>
    internal const int MaximumLength = 32;

    /// <summary>The length of <c>-?\d+(\.\d+)?([eE][+-]?\d+)?</c> at the start of the text, 0 if there is none.</summary>
    internal static int Scan(ReadOnlySpan<byte> text)
    {
        int i = text.Length > 0 && text[0] == '-' ? 1 : 0;
        int digits = Digits(text[i..]);
        if (digits == 0)
        {
            return 0;
        }

        i += digits;
        if (i < text.Length && text[i] == '.' && Digits(text[(i + 1)..]) is > 0 and int fraction)
        {
            i += 1 + fraction;
        }

        if (i < text.Length && text[i] is (byte)'e' or (byte)'E')
        {
            int sign = i + 1 < text.Length && text[i + 1] is (byte)'+' or (byte)'-' ? 1 : 0;
            if (Digits(text[(i + 1 + sign)..]) is > 0 and int exponent)
            {
                i += 1 + sign + exponent;
            }
        }

        return i;
    }

    /// <summary>Reads a number that a query writes; false for anything else, for too long a text and beyond a double.</summary>
    internal static bool TryParse(string text, out QueryNumber number)
    {
        number = default;
        if (text.Length > MaximumLength || !Ascii.IsValid(text))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[text.Length];
        Encoding.ASCII.GetBytes(text, bytes);
        return bytes.Length > 0 && Scan(bytes) == bytes.Length && TryConvert(bytes, out number);
    }

    /// <summary>Reads a text that is wholly a JSON number of at most 32 characters (rule 9); allocates nothing.</summary>
    internal static bool TryParseJson(ReadOnlySpan<byte> text, out QueryNumber number)
    {
        number = default;
        if (text.Length is 0 or > MaximumLength || (text[0] != '-' && !IsDigit(text[0])))
        {
            return false;
        }

        int first = text[0] == '-' ? 1 : 0;
        bool leadingZero = text.Length > first + 1 && text[first] == '0' && IsDigit(text[first + 1]);
        return !leadingZero && Scan(text) == text.Length && TryConvert(text, out number);
    }

    private static bool TryConvert(ReadOnlySpan<byte> text, out QueryNumber number)
    {
        bool integral = text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
        if (integral && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            number = new QueryNumber(integer);
            return true;
        }

        bool read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        number = new QueryNumber(value);
        return read && double.IsFinite(value);
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
