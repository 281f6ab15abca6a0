using System.Text;
using Spectre.Console;

namespace Bitacora.Cli.Showing;

/// <summary>Measures text in a terminal's columns and cuts it to a width, at blanks where there are some.</summary>
internal static class Wrapping
{
    // A word that fills more than this part of a line is cut rather than pushed to the next.
    private const int LongestPush = 3;

    /// <summary>The columns that the text takes.</summary>
    public static int WidthOf(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>The text filled up with blanks to a width.</summary>
    public static string Pad(string text, int width, bool right = false)
    {
        var missing = width - WidthOf(text);
        return missing <= 0 ? text : right ? new string(' ', missing) + text : text + new string(' ', missing);
    }

    /// <summary>The text cut to a width, with <c>…</c> where something was cut.</summary>
    public static string Cut(string text, int width) =>
        WidthOf(text) <= width ? text : text[..CharactersWithin(text, Math.Max(1, width - 1))] + "…";

    /// <summary>The text in lines of at most a width; its own line ends begin new ones.</summary>
    public static IEnumerable<string> Lines(string text, int first, int rest)
    {
        var width = first;
        foreach (var line in text.Split('\n'))
        {
            var left = line;
            while (WidthOf(left) > width)
            {
                var end = EndWithin(left, width);
                yield return left[..end].TrimEnd(' ');
                left = left[end..].TrimStart(' ');
                width = rest;
            }

            yield return left;
            width = rest;
        }
    }

    private static int EndWithin(string text, int width)
    {
        var end = CharactersWithin(text, width);
        if (end < text.Length && text[end] == ' ')
        {
            return end;
        }

        var blank = text.LastIndexOf(' ', end - 1);
        return blank > 0 && blank >= end - (end / LongestPush) && text.AsSpan(0, blank).ContainsAnyExcept(' ') ? blank : end;
    }

    private static int CharactersWithin(string text, int width)
    {
        var (end, columns) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            columns += WidthOf(rune.ToString());
            if (columns > width && end > 0)
            {
                return end;
            }

            end += rune.Utf16SequenceLength;
        }

        return end;
    }
}
