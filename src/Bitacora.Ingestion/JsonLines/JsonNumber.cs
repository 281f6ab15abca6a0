using System.Globalization;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>The meaning of a JSON number: a 64-bit integer where it is one, else a double, else (1e400) none.</summary>
internal static class JsonNumber
{
    public static bool IsInteger(ReadOnlySpan<byte> number) => number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;

    public static bool TryReadInteger(ReadOnlySpan<byte> number, out long value) =>
        long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public static bool TryReadDouble(ReadOnlySpan<byte> number, out double value) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

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
