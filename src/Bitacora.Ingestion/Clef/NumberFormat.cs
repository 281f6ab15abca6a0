using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bitacora.Ingestion.JsonLines;

namespace Bitacora.Ingestion.Clef;

/// <summary>.NET's numeric formats in the holes of templates, for clients that do not send what they rendered.</summary>
internal static class NumberFormat
{
    private static readonly SearchValues<byte> OfPatterns = SearchValues.Create("0#.,%+-;() eE"u8);

    /// <summary>
    /// Writes a number in a format such as <c>0.00</c>, <c>000</c>, <c>N2</c>, <c>X8</c>. False: not such a format, or no room.
    /// </summary>
    public static bool TryWrite(ReadOnlySpan<byte> number, ReadOnlySpan<byte> format, Span<byte> destination, out int written)
    {
        written = 0;
        if (!IsFormat(format))
        {
            return false;
        }

        Span<char> chars = stackalloc char[format.Length];
        Encoding.ASCII.GetChars(format, chars);
        try
        {
            return JsonNumber.IsInteger(number) && JsonNumber.TryReadInteger(number, out var integer)
                ? integer.TryFormat(destination, out written, chars, CultureInfo.InvariantCulture)
                : JsonNumber.TryReadDouble(number, out var real)
                    && real.TryFormat(destination, out written, chars, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            // X of a fraction, D of a fraction: as a client of .NET would have seen.
            return false;
        }
    }

    /// <summary>
    /// A letter with at most two digits, or digits, signs and separators of at most 32 characters: nothing that could be large.
    /// </summary>
    private static bool IsFormat(ReadOnlySpan<byte> format)
    {
        if (format.IsEmpty || format.Length > 32)
        {
            return false;
        }

        if ("CcDdEeFfGgNnPpXx"u8.Contains(format[0]))
        {
            return format.Length <= 3
                && (format.Length == 1 || (Utf8Parser.TryParse(format[1..], out byte _, out var used) && used == format.Length - 1));
        }

        return format.IndexOfAnyExcept(OfPatterns) < 0;
    }
}
