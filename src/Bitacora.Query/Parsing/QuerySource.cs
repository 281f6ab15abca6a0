namespace Bitacora.Query.Parsing;

/// <summary>The text of a query and what its characters mean to every part of the parser.</summary>
internal sealed class QuerySource(string text)
{
    internal string Text { get; } = text;

    internal bool IsEnd(int index) => index >= Text.Length;

    /// <summary>Whether a word ends here: at white space, <c>( ) |</c> or the end.</summary>
    internal bool EndsWord(int index) =>
        index >= Text.Length || char.IsWhiteSpace(Text[index]) || Text[index] is '(' or ')' or '|';

    internal int SkipWhiteSpace(int index)
    {
        while (index < Text.Length && char.IsWhiteSpace(Text[index]))
        {
            index++;
        }

        return index;
    }

    /// <summary>Where the word that begins here ends.</summary>
    internal int WordEnd(int index)
    {
        while (!EndsWord(index))
        {
            index++;
        }

        return index;
    }

    /// <summary>Whether the whole word at the index is <paramref name="word"/>.</summary>
    internal bool IsWord(int index, string word) =>
        string.CompareOrdinal(Text, index, word, 0, word.Length) == 0 && EndsWord(index + word.Length);

    /// <summary>The whole query with a part of it in quotes.</summary>
    internal string WithQuoted(int start, int end) => WithReplaced(start, end, Quoting.Quote(Text[start..end]));

    /// <summary>The whole query with a part of it replaced.</summary>
    internal string WithReplaced(int start, int end, string replacement) => Text[..start] + replacement + Text[end..];

    /// <summary>What lies around the index up to white space on both sides.</summary>
    internal (int Start, int End) Surroundings(int index)
    {
        int start = Math.Min(index, Text.Length);
        int end = start;
        while (start > 0 && !char.IsWhiteSpace(Text[start - 1]))
        {
            start--;
        }

        while (end < Text.Length && !char.IsWhiteSpace(Text[end]))
        {
            end++;
        }

        return (start, end);
    }

    /// <summary>The whole query with what surrounds the index in quotes.</summary>
    internal string WithSurroundingsQuoted(int index)
    {
        (int start, int end) = Surroundings(index);
        return WithQuoted(start, end);
    }

    internal QuerySyntaxException Error(int index, string problem, string? repair = null)
    {
        int end = index < Text.Length && EndsWord(index) ? index + 1 : WordEnd(index);
        string found = index < Text.Length ? Text[index..end] : "";
        string? shortRepair = repair is { Length: > 400 } ? null : repair;
        return new QuerySyntaxException(Cut(problem, 400), PositionOf(Text, index), Cut(found, 100), shortRepair, null);
    }

    /// <summary>Messages quote the query, which may be 16 KiB.</summary>
    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");

    /// <summary>The position for people: from 1, in code points; a lone surrogate counts as one.</summary>
    internal static int PositionOf(string text, int index)
    {
        int position = 1;
        for (int i = 0; i < index && i < text.Length; i++)
        {
            position += char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]) ? 0 : 1;
        }

        return position;
    }
}
