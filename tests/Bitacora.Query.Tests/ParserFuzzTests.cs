using CsCheck;

namespace Bitacora.Query.Tests;

/// <summary>Any text is a query, which can be answered, or a <see cref="QuerySyntaxException"/>, never another exception.</summary>
public class ParserFuzzTests
{
    private static readonly string[] Pieces =
    [
        "(", ")", "|", "\"", "\\", "-", "*", ":", "=", "!=", "~", "!~", ">", "<=", ",", " ", "\n", "\u00A0", "AND", "OR", "NOT", "and",
        "count", "stats",
        "top", "sort", "limit", "fields", "by", "time(1d)", "time", "p95(", "sum(x)", "level", "message", "x", "5", "1.5s", "-15m", "now",
        "2024-05-01",
        "metadata.", "é", "😀", "\uD800", "\uDC00", "\0", "//", "9999-12-31T23:59:59", "0001-01-01", "1e400",
        "999999999999w", "[a-", "(?i)",
    ];

    private static readonly Records.RecordBatch Sample = Asking.Batch(
        Asking.Draft("x 5 count", user: "5", duration: 1.5, attributes: ["x".Is(5L), "by".Is("and")]),
        Asking.Draft("é😀", traceback: "AND", attributes: ["x".Is("-15m"), "time".Is(double.NaN)]));

    [Fact]
    public void Any_text_of_the_languages_pieces_is_a_query_or_a_syntax_error() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 14].Select(p => string.Concat(p.Select(i => Pieces[i]))).Sample(Check, iter: 20_000);

    [Fact]
    public void Any_text_at_all_is_a_query_or_a_syntax_error() => Gen.String[0, 40].Sample(Check, iter: 5_000);

    [Fact]
    public void Any_text_as_a_range_or_a_cursor_is_one_or_its_error() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 4].Select(p => string.Concat(p.Select(i => Pieces[i]))).Sample(
            text =>
            {
                QueryContext context = new() { Now = Testing.Queries.RecordGenerator.Now, Zone = Asking.NewYork };
                Only<QuerySyntaxException>(() => QueryParser.Parse("", context with { Last = text }));
                Only<QuerySyntaxException>(() => QueryParser.Parse("", context with { From = text, To = text }));
                Only<CursorException>(() => QueryParser.Parse("", context with { Cursor = text }));
            },
            iter: 5_000);

    private static void Check(string text)
    {
        try
        {
            LogQuery query = QueryParser.Parse(text, Asking.Context(Asking.NewYork));
            foreach (QueryNote note in query.Notes)
            {
                note.Text.ShouldNotBeEmpty();
            }

            query.Filter.ToString().ShouldNotBeNull();
            QueryEvaluation<Records.LogRecord> evaluation = Asking.Evaluate(query, Sample);
            (evaluation.Groups?.ToTable().Columns.Count ?? evaluation.Sorted?.ToRows().Count ?? evaluation.Rows!.ToPage().Count)
                .ShouldBeGreaterThanOrEqualTo(0);
        }
        catch (QuerySyntaxException e)
        {
            e.Position.ShouldBeInRange(1, text.Length + 1);
            e.Problem.ShouldNotBeEmpty();
        }
    }

    private static void Only<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T e)
        {
            e.Message.ShouldNotBeEmpty();
        }
    }
}
