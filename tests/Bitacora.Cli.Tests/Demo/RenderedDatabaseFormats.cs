using System.Globalization;
using System.Text.Json.Nodes;
using Bitacora.Cli.Demo;
using Bitacora.Records;

namespace Bitacora.Cli.Tests.Demo;

/// <summary>
/// The shop's records as databases write theirs. Tracebacks stand where PostgreSQL has its details, with line ends, quotes and commas.
/// </summary>
internal static class RenderedDatabaseFormats
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static IReadOnlyList<RenderedFormat> All { get; } =
    [
        PostgreSql("PostgreSQL, Debian's prefix", "postgresql", r => StandardError(r, Zulu(r), Session(r))),
        PostgreSql("PostgreSQL, upstream's prefix", "postgresql", r => StandardError(r, Madrid(r), "")) with
        {
            HasAttribute = name => name is "db.query.text" or "level_text",
        },
        PostgreSql("PostgreSQL, csvlog", "postgresql-csv", CsvLog),
        PostgreSql("PostgreSQL, jsonlog", "postgresql-json", JsonLog),
        MySql("MySQL 8", "mysql", r => $"{r.Time:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z 11 [{Label(r)}] [MY-010068] [Server] {r.Message}") with
        {
            Also = _ => [("thread.id", AttributeValue.From(11L)), ("mysql.error_code", AttributeValue.From("MY-010068"))],
        },
        MySql("MySQL 5.7", "mysql", r => $"{r.Time:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z 11 [{Label(r)}] {r.Message}"),
        MySql("MariaDB", "mariadb", r => $"{r.Time:yyyy-MM-dd} {r.Time.Hour,2}:{r.Time:mm:ss} 11 [{Label(r)}] {r.Message}") with
        {
            Resolution = TimeSpan.FromSeconds(1),
        },
    ];

    private static RenderedFormat PostgreSql(string name, string format, Func<DemoRecord, string> render) => new(name, format, render)
    {
        Resolution = Millisecond,
        HasDuration = record => record.Source == "postgresql",
        HasAttribute = attribute => attribute is "process.pid" or "user.name" or "db.namespace" or "db.query.text" or "level_text",
        Also = record =>
        [
            ("process.pid", AttributeValue.From(long.Parse(Process(record), CultureInfo.InvariantCulture))),
            .. record.Traceback is { } traceback ? [("postgresql.detail", AttributeValue.From(traceback))]
                : Array.Empty<(string, AttributeValue)>(),
        ],
    };

    // Neither has a word for DEBUG or CRITICAL.
    private static RenderedFormat MySql(string name, string format, Func<DemoRecord, string> line) => new(
        name, format, r => r.Level is Level.Debug or Level.Critical ? null : line(r) + RenderedFormats.Below(r))
    {
        Resolution = TimeSpan.FromMicroseconds(1),
        Fields = [NamedField.Traceback],
        Also = _ => [("thread.id", AttributeValue.From(11L))],
    };

    private static string Label(DemoRecord record) => record.Level switch
    {
        Level.Info => "Note",
        Level.Warning => "Warning",
        _ => "ERROR",
    };

    private static string StandardError(DemoRecord record, string time, string session)
    {
        var prefix = $"{time} [{Process(record)}] {session}";
        var first = $"{prefix}{Severity(record)}:  {record.Message}";
        return record.Traceback is { } traceback
            ? $"{first}\n{prefix}DETAIL:  {traceback.Replace("\n", "\n\t", StringComparison.Ordinal)}"
            : first;
    }

    private static string CsvLog(DemoRecord record)
    {
        var (user, database) = (RenderedFormats.Attribute(record, "user.name"), RenderedFormats.Attribute(record, "db.namespace"));
        string?[] columns =
        [
            Zulu(record), Quoted(user), Quoted(database), Process(record), Quoted("192.0.2.9:5010"), "6561f3a8.49c1", "3",
            Quoted("SELECT"), "2023-11-24 07:41:37 UTC", "3/8", "0", Severity(record), "00000", Quoted(record.Message),
            Quoted(record.Traceback), null, null, null, null, null, null, null, Quoted("psql"), Quoted("client backend"), null, "0",
        ];
        return string.Join(',', columns);
    }

    private static string? Quoted(string? text) => text is null ? null : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string JsonLog(DemoRecord record)
    {
        var json = new JsonObject
        {
            ["timestamp"] = Zulu(record),
            ["pid"] = int.Parse(Process(record), CultureInfo.InvariantCulture),
            ["session_id"] = "6561f3a8.49c1",
            ["error_severity"] = Severity(record),
            ["message"] = record.Message,
        };
        Add("user", RenderedFormats.Attribute(record, "user.name"));
        Add("dbname", RenderedFormats.Attribute(record, "db.namespace"));
        Add("detail", record.Traceback);
        json["backend_type"] = "client backend";
        return json.ToJsonString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }

    private static string Severity(DemoRecord record) => RenderedFormats.Attribute(record, "level_text") ?? record.Level switch
    {
        Level.Debug => "DEBUG1",
        Level.Critical => "FATAL",
        _ => Levels.Name(record.Level),
    };

    private static string Process(DemoRecord record) => RenderedFormats.Attribute(record, "process.pid") ?? "77";

    /// <summary>Only a process that serves somebody has one; before it knows all, PostgreSQL writes a word in its place.</summary>
    private static string Session(DemoRecord record)
    {
        var (user, database) = (RenderedFormats.Attribute(record, "user.name"), RenderedFormats.Attribute(record, "db.namespace"));
        return (user ?? database) is null ? "" : $"{user ?? "[unknown]"}@{database ?? "[unknown]"} ";
    }

    private static string Zulu(DemoRecord record) => record.Time.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    private static string Madrid(DemoRecord record) =>
        record.Time.ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd HH:mm:ss.fff 'CET'", CultureInfo.InvariantCulture);
}
