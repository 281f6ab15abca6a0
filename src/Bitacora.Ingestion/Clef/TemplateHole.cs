namespace Bitacora.Ingestion.Clef;

/// <summary>
/// A hole of a message template (messagetemplates.org): <c>{Name}</c>, <c>{@Name}</c>, <c>{$Name}</c>, <c>{Name,-10:0.00}</c>.
/// </summary>
/// <param name="Length">With its braces.</param>
/// <param name="NameStart">Behind the brace and the sign.</param>
/// <param name="NameLength">Of the name.</param>
/// <param name="Width">The least width; negative: the text stands left.</param>
/// <param name="FormatStart">Behind the colon; 0 for none.</param>
internal readonly record struct TemplateHole(int Length, int NameStart, int NameLength, int Width, int FormatStart)
{
    /// <summary>No value is padded to more: a template of a few bytes must not make megabytes.</summary>
    private const int MaxWidth = 256;

    /// <summary>What is longer is text; and no brace makes the whole rest be searched for its end.</summary>
    private const int MaxLength = 200;

    /// <summary>Reads a hole at the start of a text that begins with a brace. False: the brace is text, as in <c>{"a":1}</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out TemplateHole hole)
    {
        hole = default;
        var end = text[..Math.Min(text.Length, MaxLength)].IndexOf((byte)'}');
        if (end < 2)
        {
            return false;
        }

        var start = text[1] is (byte)'@' or (byte)'$' ? 2 : 1;
        var at = start;
        while (IsOfName(text[at]))
        {
            at++;
        }

        var (nameLength, width) = (at - start, 0);
        if (nameLength == 0 || (text[at] == ',' && !TryReadWidth(text, ref at, out width)))
        {
            return false;
        }

        if (text[at] == ':' ? end - at > 64 : at != end)
        {
            return false;
        }

        hole = new TemplateHole(end + 1, start, nameLength, width, text[at] == ':' ? at + 1 : 0);
        return true;
    }

    private static bool TryReadWidth(ReadOnlySpan<byte> text, ref int at, out int width)
    {
        width = 0;
        at++;
        var isLeft = text[at] == '-';
        at += isLeft ? 1 : 0;
        var first = at;
        while ((uint)(text[at] - '0') <= 9)
        {
            width = Math.Min((width * 10) + text[at] - '0', MaxWidth);
            at++;
        }

        width = isLeft ? -width : width;
        return at > first;
    }

    private static bool IsOfName(byte value) =>
        (uint)((value | 0x20) - 'a') <= 25 || (uint)(value - '0') <= 9 || value is (byte)'_' or (byte)'.' or >= 0x80;
}
