using System.Globalization;
using System.Text;

namespace Bitacora.Alerting.Messages;

/// <summary>
/// A text of a log as it may be shown: on one line, without anything that a terminal obeys or that turns the direction of reading.
/// </summary>
internal static class VisibleText
{
    public static string Of(string? text)
    {
        if (text is null)
        {
            return "";
        }

        StringBuilder? changed = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (IsHarmless(text, i))
            {
                changed?.Append(c);
                continue;
            }

            changed ??= new StringBuilder(text, 0, i, text.Length + 16);
            changed.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
        }

        return changed?.ToString() ?? text;
    }

    /// <summary>At most so many characters, with an ellipsis where something is missing.</summary>
    public static string Of(string? text, int most)
    {
        var visible = Of(text);
        if (visible.Length <= most)
        {
            return visible;
        }

        var length = char.IsHighSurrogate(visible[most - 2]) ? most - 2 : most - 1;
        return $"{visible[..length]}…";
    }

    private static bool IsHarmless(string text, int i) => CharUnicodeInfo.GetUnicodeCategory(text[i]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => text[i] is '\u200d' or '\u200c' or '\u00ad',

        // Half a character has no form in UTF-8.
        UnicodeCategory.Surrogate => char.IsHighSurrogate(text[i])
            ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
            : i > 0 && char.IsHighSurrogate(text[i - 1]),
        _ => true,
    };
}
