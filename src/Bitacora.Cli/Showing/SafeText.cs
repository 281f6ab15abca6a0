using System.Globalization;
using System.Text;

namespace Bitacora.Cli.Showing;

/// <summary>
/// Makes text from logs harmless: control characters, and the invisible ones that turn text round, are shown as what they are. A
/// terminal never receives a raw escape sequence from a log.
/// </summary>
internal static class SafeText
{
    /// <summary>The text with <c>\n</c>, <c>\t</c>, <c>\x1b</c> and the like written out.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepLineEnds">Leaves line ends as they are, drops a carriage return before one, and turns a tab into blanks.</param>
    public static string Escape(string text, bool keepLineEnds = false)
    {
        var first = 0;
        while (first < text.Length && IsHarmless(text, first))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            Append(safe, text, i, keepLineEnds);
        }

        return safe.ToString();
    }

    private static void Append(StringBuilder safe, string text, int index, bool keepLineEnds)
    {
        var c = text[index];
        if (IsHarmless(text, index))
        {
            safe.Append(c);
        }
        else if (keepLineEnds && c == '\n')
        {
            safe.Append(c);
        }
        else if (keepLineEnds && c == '\t')
        {
            safe.Append("    ");
        }
        else if (!keepLineEnds || c != '\r' || index + 1 == text.Length || text[index + 1] != '\n')
        {
            safe.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\0' => "\\0",
                < (char)0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
        }
    }

    private static bool IsHarmless(string text, int index)
    {
        var c = text[index];
        return c is >= ' ' and <= '~'
            || (c > '\u009f' && !IsInvisible(c) && (!char.IsSurrogate(c) || IsPaired(text, index)));
    }

    /// <summary>Directional marks, line and paragraph separators, zero-width joints, the byte order mark.</summary>
    public static bool IsInvisible(char c) =>
        c is (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u206f')
            or '\ufeff' or '\u061c' or '\u00ad';

    private static bool IsPaired(string text, int index) => char.IsHighSurrogate(text[index])
        ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
        : index > 0 && char.IsHighSurrogate(text[index - 1]);
}
