using System.Globalization;

namespace Bitacora.Query.Parsing;

/// <summary>Reads the stages behind the filter (rules 12 to 15).</summary>
internal sealed class StageParser(QuerySource source, TimeZoneInfo zone)
{
    private static readonly string[] Names = ["count", "stats", "top", "sort", "limit", "fields"];

    private int _position;
    private int _rank;

    internal Aggregate? Aggregate { get; private set; }

    internal IReadOnlyList<SortField> Sort { get; private set; } = [];

    internal int? Limit { get; private set; }

    internal IReadOnlyList<string>? Fields { get; private set; }

    /// <summary>Reads from the first <c>|</c> on.</summary>
    internal void Parse(int position)
    {
        _position = position;
        RefuseTooMany(position);
        StageTokens tokens = new(source);
        while (!source.IsEnd(_position))
        {
            int bar = _position;
            tokens.Position = bar + 1;
            ParseStage(tokens, bar);
            tokens.SkipWhiteSpace();
            if (!tokens.AtStageEnd)
            {
                throw Leftover(tokens);
            }

            _position = tokens.Position;
        }
    }

    private void RefuseTooMany(int position)
    {
        int stages = 0;
        for (int i = position; i < source.Text.Length; i++)
        {
            if (source.Text[i] == '|' && ++stages > QueryLimits.Stages)
            {
                throw source.Error(i, $"more than {QueryLimits.Stages} stages");
            }
        }
    }

    private void ParseStage(StageTokens tokens, int bar)
    {
        tokens.SkipWhiteSpace();
        if (tokens.AtStageEnd)
        {
            throw source.Error(tokens.Position, "a stage is missing after '|'");
        }

        int start = tokens.Position;
        string name = tokens.Word();
        RefuseOrder(name, start);
        switch (name)
        {
            case "count":
                Aggregate = new AggregateParser(source, tokens, zone).ParseCount();
                break;
            case "stats":
                Aggregate = new AggregateParser(source, tokens, zone).ParseStats();
                break;
            case "top":
                Aggregate = new AggregateParser(source, tokens, zone).ParseTop();
                break;
            case "sort":
                Sort = ParseSort(tokens);
                break;
            case "limit":
                Limit = tokens.Number("limit", QueryLimits.Rows);
                break;
            case "fields":
                Fields = ParseFields(tokens);
                break;
            default:
                throw UnknownStage(name, start, bar);
        }
    }

    private void RefuseOrder(string name, int start)
    {
        int rank = name switch
        {
            "count" or "stats" or "top" => 1,
            "sort" => 2,
            "limit" => 3,
            "fields" => 4,
            _ => 5,
        };
        if (rank < 5 && rank <= _rank)
        {
            throw source.Error(
                start, $"'{name}' cannot stand here: one of count, stats, top, then sort, limit, fields, in this order, each at most once");
        }

        _rank = rank;
    }

    private QuerySyntaxException UnknownStage(string name, int start, int bar)
    {
        if (name.Length == 0)
        {
            return source.Error(start, $"a stage's name is missing: {string.Join(", ", Names)}");
        }

        string? near = Suggestion.For(name, Names);
        string hint = near is null ? "the stages are " + string.Join(", ", Names) : $"did you mean '{near}'?";
        bool isGlued = start == bar + 1 && bar > 0 && !char.IsWhiteSpace(source.Text[bar - 1]);
        return source.Error(
            start,
            $"unknown stage '{name}', {hint}{(isGlued ? " Quote a text that holds '|'" : "")}",
            isGlued ? source.WithSurroundingsQuoted(bar)
                : near is null ? null : source.WithReplaced(start, start + name.Length, near));
    }

    private QuerySyntaxException Leftover(StageTokens tokens)
    {
        int start = tokens.Position;
        if (source.Text[start] == '(')
        {
            return source.Error(start, "count as a stage takes no field; stats count(x) counts the records that have x");
        }

        if (source.IsWord(start, "desc") || source.IsWord(start, "asc"))
        {
            return source.Error(start, "sort orders from the least; '-' before a field orders from the greatest, such as sort -count");
        }

        bool isName = TermReader.NameEnd(source.Text, start) > start || source.Text[start] == '-';
        string found = source.Text[start..Math.Max(start + 1, source.WordEnd(start))];
        int end = source.Text.AsSpan(0, start).TrimEnd().Length;
        return isName && !source.IsWord(start, "by")
            ? source.Error(start, $"'{found}' stands where ',' or '|' would be right", source.WithReplaced(end, start, ", "))
            : source.Error(start, $"'{found}' cannot stand here; ',' goes on, '|' begins the next stage");
    }

    private List<SortField> ParseSort(StageTokens tokens)
    {
        List<SortField> fields = [];
        do
        {
            tokens.SkipWhiteSpace();
            bool isDescending = tokens.TrySkip('-');
            (string column, int start) = tokens.Column("sort");
            if (fields.Any(f => f.Column == column))
            {
                throw source.Error(start, $"'{column}' comes twice");
            }

            fields.Add(Aggregate is null
                ? new SortField(column, RowField(column, start), -1, isDescending)
                : new SortField(column, null, ColumnIndex(column, start), isDescending));
        }
        while (tokens.TryComma());
        return fields;
    }

    private List<string> ParseFields(StageTokens tokens)
    {
        List<string> fields = [];
        do
        {
            (string column, int start) = tokens.Column("fields");
            if (fields.Contains(column))
            {
                throw source.Error(start, $"'{column}' comes twice");
            }

            if (Aggregate is null)
            {
                RowField(column, start);
            }
            else
            {
                ColumnIndex(column, start);
            }

            fields.Add(column);
        }
        while (tokens.TryComma());
        return fields;
    }

    private FieldReference RowField(string column, int start) => column.Contains('(', StringComparison.Ordinal)
        ? throw source.Error(start, $"'{column}' is a column only after stats")
        : FieldReference.Parse(column);

    private int ColumnIndex(string column, int start)
    {
        IReadOnlyList<string> columns = Aggregate!.Columns;
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i] == column)
            {
                return i;
            }
        }

        string? near = Suggestion.For(column, columns);
        string hint = near is null
            ? string.Create(CultureInfo.InvariantCulture, $"the columns are {string.Join(", ", columns)}")
            : $"did you mean '{near}'?";
        throw source.Error(start, $"unknown column '{column}', {hint}");
    }
}
