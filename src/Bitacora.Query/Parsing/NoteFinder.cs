using Bitacora.Records;

namespace Bitacora.Query.Parsing;

/// <summary>Finds what is valid but probably not meant, and shows the query that was.</summary>
internal sealed class NoteFinder(QuerySource source, IReadOnlyList<Term> terms)
{
    private static readonly string[] FieldNames =
    [
        "level", "layer", "time", "timestamp", "duration_ms", "id",
        .. Enum.GetValues<NamedField>().Select(NamedFields.Name),
    ];

    // Keys that loggers write and that records have under another name: whoever types one has copied a line.
    private static readonly string[] LogLineKeys = ["msg", "lvl", "levelname", "severity", "ts", "asctime", "caller"];

    internal IEnumerable<QueryNote> Find()
    {
        for (int i = 0; i < terms.Count; i++)
        {
            Term term = terms[i];
            Term? next = i + 1 < terms.Count && IsBlankBetween(term, terms[i + 1]) ? terms[i + 1] : null;
            QueryNote?[] notes =
            [
                LowerCaseOperator(term), MinusBeforeNumber(term), ParenthesisAfterWord(term), Arrow(term), OtherCase(term),
                PhraseWithoutQuotes(term, next), LogLine(term, next, i), DurationAsText(term),
            ];
            foreach (QueryNote note in notes.OfType<QueryNote>())
            {
                yield return note;
            }
        }
    }

    /// <summary>The terms to be looked at when the data is known: whose attribute no record may have.</summary>
    internal List<AttributeTerm> FindAttributeTerms() =>
        [.. terms.Where(t => t.Field?.Kind == FieldKind.Attribute).Select(AttributeTermOf)];

    private AttributeTerm AttributeTermOf(Term term)
    {
        // Inside a field's group the name stands before the parenthesis: only the whole text says what was meant.
        string text = term.IsInFieldGroup ? $"{term.Field!.Written}:{term.Value}" : source.Text[term.Start..term.End];
        return new AttributeTerm(
            term.Field!.Name,
            text,
            new TextFilter(TextScope.Anywhere, TextPattern.Create([text], isAnchored: false)),
            term.IsInFieldGroup ? Quoting.Quote(text) : source.WithQuoted(term.Start, term.End));
    }

    private bool IsBlankBetween(Term left, Term right) =>
        right.Start > left.End && source.Text.AsSpan(left.End, right.Start - left.End).IsWhiteSpace();

    private QueryNote? LowerCaseOperator(Term term) =>
        term is { Field: null, IsQuoted: false, Value: "and" or "or" or "not" }
            ? new QueryNote(
                "lower-case-operator",
                $"'{term.Value}' is searched as text; operators are written in capitals",
                source.WithReplaced(term.Start, term.End, term.Value.ToUpperInvariant()))
            : null;

    private QueryNote? MinusBeforeNumber(Term term)
    {
        bool isNumber = NumberLiteral.TryParse(term.Value, out _);
        return term.HasMinus && !term.IsQuoted && isNumber && (term.Field is null || term.IsInFieldGroup)
            ? new QueryNote(
                "minus-negates",
                $"'-{term.Value}' means NOT {term.Value}; quote it to search for the number",
                source.WithQuoted(term.Start - 1, term.End))
            : null;
    }

    private QueryNote? ParenthesisAfterWord(Term term)
    {
        if (term.IsQuoted || source.IsEnd(term.End) || source.Text[term.End] != '(')
        {
            return null;
        }

        int end = source.Text.IndexOf(')', term.End) is >= 0 and int close ? close + 1 : source.Text.Length;
        return new QueryNote(
            "parenthesis-after-word",
            $"the parenthesis right after '{term.Value}' opens a group; quote the text to search for it as it is",
            source.WithQuoted(term.Start, Math.Max(end, source.Surroundings(end).End)));
    }

    private QueryNote? Arrow(Term term) =>
        term is { Field: null, IsQuoted: false } && term.Value.IndexOf("->", StringComparison.Ordinal) > 0
            ? new QueryNote(
                "searched-as-text",
                $"'{term.Value}' is searched as text: '>' compares only right after a field's name",
                source.WithQuoted(term.Start, term.End))
            : null;

    private QueryNote? OtherCase(Term term)
    {
        if (term.Field is not { Kind: FieldKind.Attribute } field || field.Name != field.Written || term.IsInFieldGroup)
        {
            return null;
        }

        string? near = Array.Find(FieldNames, n => string.Equals(n, field.Name, StringComparison.OrdinalIgnoreCase));
        return near is null
            ? null
            : new QueryNote(
                "field-name-case",
                $"'{field.Name}' is an attribute; the record's own field is '{near}', names are case-sensitive",
                source.WithReplaced(term.Start, term.Start + field.Written.Length, near));
    }

    private QueryNote? PhraseWithoutQuotes(Term term, Term? next) =>
        term is { Field.IsSearched: true, Operator: TermOperator.Colon, IsQuoted: false, IsInFieldGroup: false }
        && next is { Field: null, IsQuoted: false, HasMinus: false }
            ? new QueryNote(
                "only-first-word",
                $"only '{term.Value}' is searched in {term.Field.Name}, '{next.Value}' anywhere; quote a phrase",
                source.WithQuoted(term.ValueStart, next.End))
            : null;

    private QueryNote? LogLine(Term term, Term? next, int index)
    {
        bool isPair = term is { Operator: TermOperator.Equal } && next is { Operator: TermOperator.Equal };
        bool isFirst = index == 0 || terms[index - 1].Operator != TermOperator.Equal;
        if (!isPair || !isFirst)
        {
            return null;
        }

        int last = index + 1;
        while (last + 1 < terms.Count && terms[last + 1].Operator == TermOperator.Equal && IsBlankBetween(terms[last], terms[last + 1]))
        {
            last++;
        }

        string line = source.Text[term.Start..terms[last].End];
        return terms.Skip(index).Take(last - index + 1).Any(t => LogLineKeys.Contains(t.Field!.Written))
            ? new QueryNote(
                "fields-not-text",
                $"'{line}' compares fields; quote it to search for it as text",
                source.WithQuoted(term.Start, terms[last].End))
            : null;
    }

    private QueryNote? DurationAsText(Term term) =>
        term is { Field.Kind: FieldKind.Duration, Operator: TermOperator.Colon, IsInFieldGroup: false }
        && !NumberLiteral.TryParse(term.Value, out _) && DurationLiteral.TryParseMilliseconds(term.Value, out _)
            ? new QueryNote(
                "duration-as-text",
                "':' compares the number of milliseconds as text; '=' compares durations",
                source.WithReplaced(term.Start, term.End, $"duration_ms={term.Value}"))
            : null;
}
