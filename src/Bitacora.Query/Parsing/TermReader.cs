using System.Globalization;
using System.Text;

namespace Bitacora.Query.Parsing;

/// <summary>Cuts one term out of the text: decides what is a field and what is text (rules 2 and 3).</summary>
internal static class TermReader
{
    /// <summary>Reads the term at the index; with an operator and no value a group in parentheses follows.</summary>
    /// <param name="source">The query.</param>
    /// <param name="start">Where the term begins.</param>
    /// <param name="group">The field whose group the term stands in, or null.</param>
    /// <returns>The term; its value is null where <c>field:(</c> opens a group.</returns>
    internal static (Term Term, bool OpensGroup) Read(QuerySource source, int start, FieldReference? group)
    {
        string text = source.Text;
        if (text[start] == '"')
        {
            (string quoted, int quoteEnd) = ReadQuoted(source, start, start);
            return (new Term(start, start, quoteEnd, group, Implied(group), quoted, true, group is not null), false);
        }

        int nameEnd = NameEnd(text, start);
        TermOperator found = nameEnd > start ? TermOperators.Scan(text, nameEnd, out int length) : Absent(out length);
        int value = nameEnd + length;
        if (found == TermOperator.None || !BeginsValue(source, found, value))
        {
            int end = source.WordEnd(start);
            return (new Term(start, start, end, group, Implied(group), text[start..end], false, group is not null), false);
        }

        if (group is not null)
        {
            throw source.Error(
                start, $"no field inside the group of '{group}'; quote the text", source.WithQuoted(start, source.WordEnd(start)));
        }

        FieldReference field = FieldReference.Parse(text[start..nameEnd]);
        if (text[value] == '(')
        {
            return found == TermOperator.Colon
                ? (new Term(start, value, value, field, found, "", false, false), true)
                : throw GroupAfterOperator(source, nameEnd, value, found);
        }

        if (text[value] == '"')
        {
            (string quoted, int quoteEnd) = ReadQuoted(source, value, start);
            return (new Term(start, value, quoteEnd, field, found, quoted, true, false), false);
        }

        RefuseSecondOperator(source, start, nameEnd, value);
        int wordEnd = source.WordEnd(value);
        return (new Term(start, value, wordEnd, field, found, text[value..wordEnd], false, false), false);
    }

    /// <summary>
    /// The index behind the name <c>[A-Za-z_@][\w.@-]*</c> that ends in a letter, digit or <c>_</c>; the start if there is none.
    /// </summary>
    internal static int NameEnd(string text, int start)
    {
        if (start >= text.Length || !(char.IsAsciiLetter(text[start]) || text[start] is '_' or '@'))
        {
            return start;
        }

        int end = start;
        bool endsWell = false;
        while (end < text.Length)
        {
            if (!Rune.TryGetRuneAt(text, end, out Rune rune))
            {
                break;
            }

            bool isWord = IsWordCharacter(rune);
            if (!isWord && rune.Value is not ('.' or '@' or '-'))
            {
                break;
            }

            endsWell = isWord;
            end += rune.Utf16SequenceLength;
        }

        return endsWell ? end : start;
    }

    private static bool IsWordCharacter(Rune rune) => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.ConnectorPunctuation;

    private static TermOperator Implied(FieldReference? group) => group is null ? TermOperator.None : TermOperator.Colon;

    private static TermOperator Absent(out int length)
    {
        length = 0;
        return TermOperator.None;
    }

    private static bool BeginsValue(QuerySource source, TermOperator found, int value)
    {
        if (source.IsEnd(value) || (source.EndsWord(value) && source.Text[value] != '('))
        {
            return false;
        }

        return found != TermOperator.Colon
            || !(source.Text[value] is ':' or '\\' || string.CompareOrdinal(source.Text, value, "//", 0, 2) == 0);
    }

    private static (string Value, int End) ReadQuoted(QuerySource source, int quote, int start)
    {
        string text = source.Text;
        StringBuilder value = new();
        for (int i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
            {
                value.Append(text[++i]);
            }
            else if (text[i] != '"')
            {
                value.Append(text[i]);
            }
            else if (source.EndsWord(i + 1))
            {
                return (value.ToString(), i + 1);
            }
            else
            {
                throw source.Error(
                    i + 1,
                    $"'{text[i + 1]}' stands right after a closing quote; leave a blank, or write \\\" for a quote inside",
                    source.WithReplaced(i + 1, i + 1, " "));
            }
        }

        string? repair = source.EndsWord(quote + 1) && quote == start ? null : text + "\"";
        throw source.Error(quote, "the quote is not closed", repair);
    }

    private static QuerySyntaxException GroupAfterOperator(QuerySource source, int nameEnd, int value, TermOperator found)
    {
        (_, int end) = source.Surroundings(value);
        if (found is TermOperator.Regex or TermOperator.NotRegex)
        {
            return source.Error(
                value, "a regular expression with a blank, '(', ')' or '|' needs quotes", source.WithQuoted(value, end));
        }

        string? repair = found == TermOperator.Equal ? source.WithReplaced(nameEnd, value, ":") : null;
        return source.Error(value, "a group stands only after ':', such as status:(200 OR 404)", repair);
    }

    private static void RefuseSecondOperator(QuerySource source, int start, int nameEnd, int value)
    {
        string text = source.Text;
        TermOperator second = TermOperators.Scan(text, value, out int length);
        if (second is TermOperator.None or TermOperator.Colon)
        {
            return;
        }

        string name = text[start..nameEnd];
        string merged = TermOperators.Merge(text[nameEnd..value], text[value..(value + length)]);
        int rest = value + length;
        while (TermOperators.Scan(text, rest, out int more) != TermOperator.None)
        {
            rest += more;
        }

        string suggestion = name + merged + text[rest..source.WordEnd(rest)];
        throw source.Error(
            nameEnd,
            $"two operators '{text[nameEnd..rest]}', did you mean '{suggestion}'? A value that begins with an operator needs quotes",
            source.WithReplaced(nameEnd, rest, merged));
    }
}
