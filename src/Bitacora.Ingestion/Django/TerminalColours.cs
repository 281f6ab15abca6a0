using System.Buffers;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Django;

/// <summary>The sequences that switch a terminal's colours: <c>ESC [ 35;1 m</c>.</summary>
internal static class TerminalColours
{
    private const byte Escape = 0x1B;

    private static readonly SearchValues<byte> Parameters = SearchValues.Create("0123456789;"u8);

    /// <summary>Steps over the sequences at the cursor.</summary>
    public static void Skip(ref ByteCursor text)
    {
        while (LengthOf(text.Rest) is > 0 and var length)
        {
            text.At += length;
        }
    }

    /// <summary>A text without its sequences; the text itself if it has none.</summary>
    public static ReadOnlySpan<byte> Remove(ReadOnlySpan<byte> text, TextBuffer buffer)
    {
        var next = text.IndexOf(Escape);
        if (next < 0)
        {
            return text;
        }

        buffer.Clear();
        for (; next >= 0; next = text.IndexOf(Escape))
        {
            var length = LengthOf(text[next..]);
            buffer.Append(text[..(length > 0 ? next : next + 1)]);
            text = text[(next + Math.Max(1, length))..];
        }

        buffer.Append(text);
        return buffer.Written;
    }

    private static int LengthOf(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[0] != Escape || text[1] != '[')
        {
            return 0;
        }

        var digits = text[2..].IndexOfAnyExcept(Parameters);
        return digits >= 0 && text[2 + digits] == 'm' ? digits + 3 : 0;
    }
}
