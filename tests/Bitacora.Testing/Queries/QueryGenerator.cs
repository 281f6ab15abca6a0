using Bitacora.Records;
using CsCheck;

namespace Bitacora.Testing.Queries;

/// <summary>Random valid queries over the vocabulary of <see cref="RecordGenerator"/>.</summary>
public static class QueryGenerator
{
    private static readonly string[] ShortFields =
        [.. Enumerable.Range(0, NamedFields.ShortCount).Select(i => NamedFields.Name((NamedField)i))];
    private static readonly string[] Attributes =
    [
        .. RecordGenerator.Attributes.Where(a => a != "level"), "metadata.level", "metadata.status", "attributes.path", "nowhere",
    ];

    private static readonly string[] Expressions =
    [
        "a$", "^.$", @"\d", "(?i)straße", "^/api", "o{2}|d", @"\bok\b", "[^a]b", "[0-9]+", "^$", ".", "é|á", "e.*e", "^[A-Z]+$", "E",
    ];

    private static readonly string[] Numbers =
    [
        "7", "200", "200.0", "-5", "0", "1e3", "9007199254740993", "9223372036854775807", "0.5", "250ms", "1.001s", "00042", "1e300",
        "-0", "1h",
    ];

    private static readonly string[] Pieces =
    [
        "con", "REF", "S", "ß", "σ", "k", "i", "İ", "o", "a", "api", "shop", "django", ".", "4", "2", "0", "true", "7", "x", "á", "/",
        "e", "ſ",
    ];

    /// <summary>A condition on a field that is neither text nor searched: the fields' names.</summary>
    public static Gen<string> Field { get; } = Any([.. ShortFields, "template", "duration_ms", .. Attributes]);

    /// <summary>Patterns that need no quotes, some with stars.</summary>
    private static Gen<string> Pattern => Gen.OneOf(
        Any(Pieces),
        Gen.Select(Any(Pieces), Any(Pieces), (a, b) => $"{a}*{b}"),
        Any(Pieces).Select(p => $"*{p}"),
        Any(Pieces).Select(p => $"{p}*"),
        Gen.Select(Any(Pieces), Any(Pieces), (a, b) => $"{a}**{b}*"));

    private static Gen<TermNode> BareTerm => Gen.OneOf(
        Pattern.Select(p => new TermNode(null, "", p, false)),
        Any([.. RecordGenerator.Texts]).Select(t => new TermNode(null, "", t, true)),
        Gen.Const(new TermNode(null, "", "*", false)));

    private static Gen<TermNode> SearchTerm => Gen.Select(
        Any("message", "traceback"),
        Gen.OneOf(Pattern.Select(p => (p, false)), Any([.. RecordGenerator.Texts]).Select(t => (t, true)), Gen.Const(("*", false))),
        (name, value) => new TermNode(name, ":", value.Item1, value.Item2));

    private static Gen<TermNode> ValueTerm => Gen.Select(
        Field,
        Gen.OneOf(
            Pattern.Select(p => (p, false)),
            Any([.. RecordGenerator.Values, .. RecordGenerator.Texts]).Select(t => (t, true)),
            Gen.Const(("*", false))),
        (name, value) => new TermNode(name, ":", value.Item1, value.Item2));

    private static Gen<TermNode> EqualTerm => Gen.Select(
        Gen.OneOf(Field, Any("message", "traceback")),
        Any("=", "!="),
        Any([.. RecordGenerator.Values, .. Numbers, "connection refused", "Connection refused"]),
        (name, comparison, value) => new TermNode(name, comparison, value, true));

    private static Gen<TermNode> OrderTerm => Gen.Select(
        Field, Any("<", "<=", ">", ">="), Any(Numbers), Gen.Bool,
        (name, comparison, value, quoted) => new TermNode(name, comparison, value, quoted));

    private static Gen<TermNode> RegexTerm => Gen.Select(
        Gen.OneOf(Field, Any("message", "traceback", "level", "layer")), Any("~", "!~"), Any(Expressions),
        (name, comparison, value) => new TermNode(name, comparison, value, true));

    private static Gen<TermNode> LevelTerm => Gen.OneOf(
        Gen.Select(Any(":", "=", "!=", "<", "<=", ">", ">="),
            Any("ERROR", "warn", "Info", "fatal", "DEBUG", "trace", "err"), (o, v) => new TermNode("level", o, v, false)),
        Any("W*", "*R*", "*o", "*").Select(v => new TermNode("level", ":", v, false)));

    private static Gen<TermNode> LayerTerm => Any(
        new TermNode("layer", ":", "Application", false), new TermNode("layer", "=", "infrastructure", false),
        new TermNode("layer", ":", "infra*", false), new TermNode("layer", "!=", "application", true));

    /// <summary>One term of any kind but time.</summary>
    public static Gen<QueryNode> Term { get; } = Gen.OneOf<QueryNode>(
        BareTerm.Cast(), SearchTerm.Cast(), ValueTerm.Cast(), EqualTerm.Cast(), OrderTerm.Cast(), RegexTerm.Cast(), LevelTerm.Cast(),
            LayerTerm.Cast());

    /// <summary>A condition of several terms with AND, OR, NOT and parentheses.</summary>
    public static Gen<QueryNode> Filter { get; } = Node(2);

    /// <summary>A whole query: rows, sorted rows, groups or top.</summary>
    public static Gen<GeneratedQuery> Query { get; } = Gen.Select(
        Gen.OneOf(Rows, Sorted, Stats, Tops), Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 2])), Time.Array[2],
        (query, count, times) => query with { Times = [.. times.Take(count)] });

    private static Gen<(string Operator, long Ticks)> Time => Gen.Select(
        Any("<", "<=", ">", ">=", "=", ":"),
        Gen.Frequency((1, Any(0L, 1L, -1L)), (2, Gen.Long[-36_000_0000000, 36_000_0000000])),
        (comparison, offset) => (comparison, RecordTime.From(RecordGenerator.Now) + offset));

    private static Gen<QueryNode?> OptionalFilter =>
        Gen.Frequency((1, Term.Select(_ => (QueryNode?)null)), (3, Filter.Select(f => (QueryNode?)f)));

    private static Gen<int> Limit => Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 12]));

    private static Gen<string> SortField => Gen.Select(
        Any("", "-"),
        Gen.OneOf(Field, Any("level", "layer", "time", "message", "id")),
        (sign, name) => sign + name);

    private static Gen<string> Key => Gen.OneOf(
        Field, Any("level", "layer", "message", "time(1h)", "time(15m)", "time(1d)", "time(1w)", "time"));

    private static Gen<string> Function => Gen.OneOf(
        Gen.Const("count"),
        Gen.Select(Any("count", "distinct"), Gen.OneOf(Field, Any("level", "message", "time")), (f, a) => $"{f}({a})"),
        Gen.Select(
            Any("sum", "avg", "min", "max", "p50", "p90", "p95", "p99"),
            Any([.. Attributes, "duration_ms", "user_id", "request_id"]),
            (f, a) => $"{f}({a})"));

    private static Gen<GeneratedQuery> Rows =>
        Gen.Select(OptionalFilter, Limit, (filter, limit) => new GeneratedQuery(filter, [], [], 0, [], limit));

    private static Gen<GeneratedQuery> Sorted => Gen.Select(
        OptionalFilter, SortField.Array[1, 3], Limit,
        (filter, sort, limit) => new GeneratedQuery(filter, [], [], 0, [.. sort.DistinctBy(s => s.TrimStart('-'))], limit));

    private static Gen<GeneratedQuery> Tops => Gen.Select(
        OptionalFilter, Gen.Int[1, 5], Gen.OneOf(Field, Any("level", "message")),
        (filter, top, name) => new GeneratedQuery(filter, [], [name], top, [], 0));

    private static Gen<GeneratedQuery> Stats => Gen.Select(
        OptionalFilter, Function.Array[1, 3], Key.Array[0, 3], Gen.Bool.Array[4], Gen.Int[0, 2], Limit,
        (filter, functions, keys, signs, sorted, limit) =>
        {
            functions = [.. functions.Distinct()];
            keys = [.. keys.DistinctBy(ColumnOf)];
            string[] columns = [.. keys.Select(ColumnOf), .. functions];
            string[] sort = [.. columns.Reverse().Take(sorted).Select((c, i) => (signs[i] ? "-" : "") + c)];
            string[] fields = signs[2] && signs[3] ? [.. columns.Reverse().Skip(sorted > 1 ? 1 : 0)] : [];
            return new GeneratedQuery(filter, functions, keys, 0, sort, limit) { Fields = fields };
        });

    private static string ColumnOf(string key) => key.Split('(')[0];

    private static Gen<QueryNode> Node(int depth)
    {
        if (depth == 0)
        {
            return Term;
        }

        Gen<QueryNode> inner = Node(depth - 1);
        return Gen.Frequency(
            (3, Term),
            (1, Gen.Select(inner, Any("NOT ", "-"), (i, s) => (QueryNode)new NotNode(i, s))),
            (2, Gen.Select(inner.Array[2, 3], Any(" AND ", " "), (i, s) => (QueryNode)new AndNode(i, s))),
            (2, inner.Array[2, 3].Select(i => (QueryNode)new OrNode(i))));
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<QueryNode> Cast(this Gen<TermNode> terms) => terms.Select(t => (QueryNode)t);
}
