namespace Bitacora.Query.Parsing;

/// <summary>Reads the filter: everything before the first <c>|</c> outside of parentheses (rules 1 to 3).</summary>
/// <remarks>Recursion follows brackets only, of which there are at most 32.</remarks>
internal sealed class FilterParser(QuerySource source, LeafBuilder leaves)
{
    private readonly List<Term> _terms = [];
    private readonly List<QueryNote> _notes = [];
    private int _position;
    private int _depth;

    /// <summary>The terms in the order in which they stand.</summary>
    internal IReadOnlyList<Term> Terms => _terms;

    /// <summary>Notes on how operators bind.</summary>
    internal IReadOnlyList<QueryNote> Notes => _notes;

    /// <summary>Index of the first <c>|</c>, or of the end.</summary>
    internal int End => _position;

    internal Filter Parse()
    {
        SkipWhiteSpace();
        Filter filter = AtEnd || Current == '|' ? AllFilter.Instance : ParseOr(null);
        SkipWhiteSpace();
        return AtEnd || Current == '|' ? filter : throw source.Error(_position, "')' without '('; quote it to search for it");
    }

    private bool AtEnd => source.IsEnd(_position);

    private char Current => source.Text[_position];

    private Filter ParseOr(FieldReference? group)
    {
        SkipWhiteSpace();
        int start = _position;
        List<Filter> items = [ParseAnd(group, out bool isNegation)];
        while (TryWord("OR"))
        {
            items.Add(ParseAnd(group, out _));
        }

        if (items.Count > 1 && isNegation)
        {
            string rest = source.Text[source.SkipWhiteSpace(start + 3).._position].TrimEnd();
            _notes.Add(new QueryNote(
                "not-binds-tighter",
                "NOT binds tighter than OR: only the first part is negated",
                source.WithReplaced(start, _position, $"NOT ({rest})")));
        }

        return OrFilter.Create(items);
    }

    private Filter ParseAnd(FieldReference? group, out bool isNegation)
    {
        SkipWhiteSpace();
        int operand = source.SkipWhiteSpace(_position + 3);
        isNegation = source.IsWord(_position, "NOT") && !source.IsEnd(operand) && source.Text[operand] != '(';
        List<Filter> items = [ParseNot(group)];
        while (true)
        {
            SkipWhiteSpace();
            if (AtEnd || Current is ')' or '|' || source.IsWord(_position, "OR"))
            {
                isNegation &= items.Count == 1;
                return AndFilter.Create(items);
            }

            TryWord("AND");
            items.Add(ParseNot(group));
        }
    }

    private Filter ParseNot(FieldReference? group)
    {
        SkipWhiteSpace();
        int start = _position;
        bool isMinus = IsMinus;
        bool isNegated = isMinus || source.IsWord(_position, "NOT");
        if (!isNegated)
        {
            return ParseOperand(group, false);
        }

        _position += isMinus ? 1 : 3;
        SkipWhiteSpace();
        if (IsMinus || source.IsWord(_position, "NOT"))
        {
            string? repair = isMinus ? source.WithQuoted(start, source.WordEnd(start)) : null;
            throw source.Error(_position, "one NOT or '-' before a term is enough; quote a text that begins with '-'", repair);
        }

        return NotFilter.Create(ParseOperand(group, isMinus));
    }

    /// <summary>A <c>-</c> negates only right before a term or a parenthesis; alone it is text.</summary>
    private bool IsMinus => !AtEnd && Current == '-'
        && !source.IsEnd(_position + 1) && (!source.EndsWord(_position + 1) || source.Text[_position + 1] == '(');

    private Filter ParseOperand(FieldReference? group, bool hasMinus)
    {
        if (AtEnd || Current is ')' or '|')
        {
            throw Missing();
        }

        foreach (string word in (ReadOnlySpan<string>)["AND", "OR", "NOT"])
        {
            if (source.IsWord(_position, word))
            {
                throw source.Error(
                    _position,
                    $"{word} is an operator and needs a term before it; quote it to search for it",
                    source.WithQuoted(_position, _position + word.Length));
            }
        }

        if (Current == '(')
        {
            return ParseGroup(group);
        }

        (Term term, bool opensGroup) = TermReader.Read(source, _position, group);
        if (opensGroup)
        {
            _position = term.End;
            return ParseGroup(term.Field);
        }

        if (_terms.Count == QueryLimits.Terms)
        {
            throw source.Error(_position, $"more than {QueryLimits.Terms} terms");
        }

        term = term with { HasMinus = hasMinus };
        _terms.Add(term);
        _position = term.End;
        return leaves.Build(term);
    }

    private Filter ParseGroup(FieldReference? group)
    {
        int open = _position;
        if (++_depth > QueryLimits.Depth)
        {
            throw source.Error(open, $"more than {QueryLimits.Depth} parentheses inside each other");
        }

        _position++;
        SkipWhiteSpace();
        if (!AtEnd && Current == ')')
        {
            throw source.Error(open, "'()' is empty; quote it to search for it", source.WithSurroundingsQuoted(open));
        }

        Filter filter = ParseOr(group);
        SkipWhiteSpace();
        if (AtEnd)
        {
            throw source.Error(open, "the parenthesis is not closed", source.Text + ")");
        }

        if (Current == '|')
        {
            throw source.Error(
                _position, "'|' inside parentheses: close them first, or quote the text", source.WithSurroundingsQuoted(_position));
        }

        _position++;
        _depth--;
        return filter;
    }

    private QuerySyntaxException Missing()
    {
        if (AtEnd)
        {
            return source.Error(_position, "a term is missing at the end");
        }

        return Current == ')' && _depth == 0
            ? source.Error(_position, "')' without '('; quote it to search for it")
            : source.Error(_position, $"a term is missing before '{Current}'");
    }

    private bool TryWord(string word)
    {
        SkipWhiteSpace();
        if (!source.IsWord(_position, word))
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    private void SkipWhiteSpace() => _position = source.SkipWhiteSpace(_position);
}
