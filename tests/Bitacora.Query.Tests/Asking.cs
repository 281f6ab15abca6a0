using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>Short forms in which tests ask and describe records.</summary>
internal static class Asking
{
    internal static TimeZoneInfo NewYork { get; } = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    internal static long Ticks(string time) =>
        RecordTime.From(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

    internal static QueryContext Context(TimeZoneInfo? zone = null) => new()
    {
        Now = RecordGenerator.Now,
        Zone = zone ?? TimeZoneInfo.Utc,
        FromTicks = 0,
        ToTicks = RecordTime.Max,
    };

    internal static LogQuery Parse(string query, TimeZoneInfo? zone = null) => QueryParser.Parse(query, Context(zone));

    internal static QuerySyntaxException Fails(string query) => Should.Throw<QuerySyntaxException>(() => Parse(query));

    internal static RecordDraft Draft(
        string message = "",
        string traceback = "",
        Level level = Level.Info,
        Layer layer = Layer.Application,
        double? duration = null,
        string source = "",
        string logger = "",
        string user = "",
        string request = "",
        long? time = null,
        params (string Name, AttributeValue Value)[] attributes) => new(
            time ?? (RecordTime.From(RecordGenerator.Now) - RecordTime.Second),
            level,
            layer,
            [message, traceback, ""],
            [source, logger, "", request, user, "", "", ""],
            duration,
            attributes);

    internal static (string, AttributeValue) Is(this string name, string value) => (name, AttributeValue.From(value));

    internal static (string, AttributeValue) Is(this string name, long value) => (name, AttributeValue.From(value));

    internal static (string, AttributeValue) Is(this string name, double value) => (name, AttributeValue.From(value));

    internal static (string, AttributeValue) Is(this string name, bool value) => (name, AttributeValue.From(value));

    internal static RecordBatch Batch(params RecordDraft[] drafts) => RecordGenerator.Encode(drafts, new Origin(0x5EED));

    internal static bool Matches(string query, RecordDraft draft) => Parse(query).Matches(Batch(draft)[0]);

    internal static bool MatchesMessage(string query, string message) => Matches(query, Draft(message));

    internal static QueryEvaluation<LogRecord> Evaluate(LogQuery query, params ReadOnlySpan<RecordBatch> batches)
    {
        QueryEvaluation<LogRecord> evaluation = new(query);
        foreach (RecordBatch batch in batches)
        {
            foreach (RecordReader record in batch)
            {
                evaluation.Add(record, record.ToLogRecord());
            }
        }

        return evaluation;
    }

    internal static string Table(string query, params RecordDraft[] drafts) =>
        Render(Evaluate(Parse(query), Batch(drafts)).Groups!.ToTable());

    internal static string Render(GroupTable table) => string.Join(
        " / ", table.Rows.Select(r => string.Join(",", r.Select(Render))).Prepend(string.Join(",", table.Columns)));

    internal static string[] Messages(string query, params RecordDraft[] drafts)
    {
        QueryEvaluation<LogRecord> evaluation = Evaluate(Parse(query), Batch(drafts));
        return [.. (evaluation.Sorted?.ToRows() ?? evaluation.Rows!.ToPage()).Select(r => r.Message ?? "-")];
    }

    private static string Render(object? cell) => cell switch
    {
        null => "null",
        double number => new QueryNumber(number).ToString(),
        DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
