using System.Numerics;

namespace Bitacora.Query.Parsing;

/// <summary>Reads <c>count</c>, <c>stats</c> and <c>top</c>.</summary>
internal sealed class AggregateParser(QuerySource source, StageTokens tokens, TimeZoneInfo zone)
{
    private static readonly Dictionary<string, (AggregateFunctionKind Kind, int Percent)> Functions = new()
    {
        ["count"] = (AggregateFunctionKind.Count, 0),
        ["sum"] = (AggregateFunctionKind.Sum, 0),
        ["avg"] = (AggregateFunctionKind.Average, 0),
        ["min"] = (AggregateFunctionKind.Minimum, 0),
        ["max"] = (AggregateFunctionKind.Maximum, 0),
        ["p50"] = (AggregateFunctionKind.Percentile, 50),
        ["p90"] = (AggregateFunctionKind.Percentile, 90),
        ["p95"] = (AggregateFunctionKind.Percentile, 95),
        ["p99"] = (AggregateFunctionKind.Percentile, 99),
        ["distinct"] = (AggregateFunctionKind.Distinct, 0),
    };

    private static readonly AggregateFunction Count = new(AggregateFunctionKind.Count, null, 0, "count");

    private readonly HashSet<string> _columns = [];

    internal Aggregate ParseCount()
    {
        _columns.Add(Count.Column);
        return new Aggregate(ParseKeys("count"), [Count], null);
    }

    internal Aggregate ParseStats()
    {
        List<AggregateFunction> functions = [];
        do
        {
            if (functions.Count == QueryLimits.Functions)
            {
                throw source.Error(tokens.Position, $"stats takes at most {QueryLimits.Functions} functions");
            }

            functions.Add(ParseFunction());
        }
        while (tokens.TryComma());
        return new Aggregate(ParseKeys("stats"), functions, null);
    }

    internal Aggregate ParseTop()
    {
        int top = tokens.Number("top", QueryLimits.Rows);
        tokens.SkipWhiteSpace();
        int start = tokens.Position;
        string name = tokens.Name("top");
        _columns.Add(Count.Column);
        AddColumn(name, start);
        tokens.SkipWhiteSpace();
        return source.IsWord(tokens.Position, "by")
            ? throw source.Error(tokens.Position, "top has no 'by': use count by …, then limit")
            : new Aggregate([new GroupKey(FieldReference.Parse(name), null, name)], [Count], top);
    }

    private AggregateFunction ParseFunction()
    {
        tokens.SkipWhiteSpace();
        int start = tokens.Position;
        string name = tokens.Word();
        if (!Functions.TryGetValue(name, out (AggregateFunctionKind Kind, int Percent) function))
        {
            string? near = Suggestion.For(name, [.. Functions.Keys]);
            string hint = near is null ? "the functions are " + string.Join(", ", Functions.Keys) : $"did you mean '{near}'?";
            throw source.Error(start, name.Length == 0 ? $"stats needs a function: {hint}" : $"unknown function '{name}', {hint}");
        }

        FieldReference? field = null;
        tokens.SkipWhiteSpace();
        if (tokens.TrySkip('('))
        {
            tokens.SkipWhiteSpace();
            int argument = tokens.Position;
            field = FieldReference.Parse(tokens.Argument(name));
            RefuseText(function.Kind, name, field, argument);
        }
        else if (function.Kind != AggregateFunctionKind.Count)
        {
            throw source.Error(tokens.Position, $"{name} needs a field, such as {name}(duration_ms)");
        }

        string column = field is null ? name : $"{name}({field.Written})";
        AddColumn(column, start);
        return new AggregateFunction(function.Kind, field, function.Percent, column);
    }

    private void RefuseText(AggregateFunctionKind kind, string name, FieldReference field, int start)
    {
        bool isNumeric = kind is not (AggregateFunctionKind.Count or AggregateFunctionKind.Distinct);
        if (isNumeric && field.Kind is not (FieldKind.Duration or FieldKind.Attribute) && !field.IsIdentifier)
        {
            throw source.Error(start, $"{name} needs numbers, and '{field}' has none; count and distinct take any field");
        }
    }

    private List<GroupKey> ParseKeys(string stage)
    {
        List<GroupKey> keys = [];
        if (!tokens.TryWord("by"))
        {
            return keys;
        }

        do
        {
            tokens.SkipWhiteSpace();
            int start = tokens.Position;
            if (keys.Count == QueryLimits.Keys)
            {
                throw source.Error(start, $"by takes at most {QueryLimits.Keys} keys");
            }

            string name = tokens.Name(stage + " by");
            FieldReference field = FieldReference.Parse(name);
            TimeBuckets? buckets = tokens.TrySkip('(') ? ParseBuckets(field, start) : null;
            AddColumn(name, start);
            keys.Add(new GroupKey(field, buckets, name));
        }
        while (tokens.TryComma());
        return keys;
    }

    private TimeBuckets ParseBuckets(FieldReference field, int start)
    {
        if (field.Kind != FieldKind.Time)
        {
            throw source.Error(start, $"only time has buckets, such as time(1h); write '{field}' without parentheses");
        }

        tokens.SkipWhiteSpace();
        int value = tokens.Position;
        string word = tokens.Word();
        if (!DurationLiteral.TryParse(word, out BigInteger exact, out int scale)
            || !DurationLiteral.TryParseTicks(word, out long ticks))
        {
            throw source.Error(value, $"time( ) needs a duration such as 5m, 1h or 1d{(word.Length == 0 ? "" : $", not '{word}'")}");
        }

        bool isWhole = exact == new BigInteger(ticks) * BigInteger.Pow(10, scale + 2);
        if (!isWhole || !TimeBuckets.IsAllowed(ticks))
        {
            throw source.Error(value, $"'{word}' neither divides a day, as 5m, 15m, 1h and 12h do, nor is whole days, as 1d and 1w are");
        }

        tokens.Close();
        return new TimeBuckets(ticks, zone);
    }

    private void AddColumn(string column, int start)
    {
        if (!_columns.Add(column))
        {
            throw source.Error(start, $"two columns would be named '{column}'; an attribute of that name is metadata.{column}");
        }
    }
}
