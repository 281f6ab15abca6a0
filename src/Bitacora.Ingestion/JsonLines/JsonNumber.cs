using System.Globalization;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>The meaning of a JSON number: a 64-bit integer where it is one, else a double, else (1e400) none.</summary>
internal static class JsonNumber
{
    public static bool IsInteger(ReadOnlySpan<byte> number) => number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;

    public static bool TryReadInteger(ReadOnlySpan<byte> number, out long value) =>
        long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public static bool TryReadDouble(ReadOnlySpan<byte> number, out double value) =>
        TryReadShort(number, out value)
        || (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));

    /// <summary>
    /// Digits that a double holds exactly, divided by a power of ten that it holds exactly: one correctly rounded operation, so the
    /// result is
    /// the parser's (Clinger, "How to Read Floating Point Numbers Accurately", 1990). Almost every number of a log is such.
    /// </summary>
    private static bool TryReadShort(ReadOnlySpan<byte> number, out double value)
    {
        value = 0;
        var isNegative = !number.IsEmpty && number[0] == '-';
        if (isNegative)
        {
            number = number[1..];
        }

        if (number.Length is 0 or > 16)
        {
            return false;
        }

        long digits = 0;
        var point = -1;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = number[i] - '0';
            if ((uint)digit <= 9)
            {
                digits = (digits * 10) + digit;
            }
            else if (number[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                return false;
            }
        }

        // At most 15 digits are left beside the point, so they are below 2^53.
        if (number.Length - (point < 0 ? 0 : 1) is 0 or > 15)
        {
            return false;
        }

        value = point < 0 ? digits : digits / PowersOfTen[number.Length - 1 - point];
        value = isNegative ? -value : value;
        return true;
    }

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Whether a text is wholly a JSON number of at most 32 characters, and which.</summary>
    public static bool TryReadText(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 32 || text[0] is (byte)'"' or (byte)'[' or (byte)'{' or (byte)' ')
        {
            return false;
        }

        var scanner = new JsonScanner(text);
        return scanner.TryReadValue(out var number) && number.Kind == JsonKind.Number && number.Length == text.Length
            && TryReadDouble(text, out value);
    }
}
