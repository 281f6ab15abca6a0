using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bitacora.Cli.Demo;
using Bitacora.Records;

namespace Bitacora.Cli.Tests.Demo;

/// <summary>The formats in which the shop's programs could have written their logs.</summary>
internal static class RenderedFormats
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly NamedField[] Logged = [NamedField.Logger, NamedField.Traceback];

    private static readonly NamedField[] AllFields =
    [
        NamedField.Source, NamedField.Logger, NamedField.Host, NamedField.RequestId, NamedField.UserId, NamedField.Traceback,
        NamedField.Template,
    ];

    public static IReadOnlyList<RenderedFormat> All { get; } =
    [
        new("JSON", "json", Json)
        {
            Resolution = TimeSpan.FromMicroseconds(1), Fields = AllFields, HasDuration = _ => true, HasAttribute = _ => true,
        },
        new("CLEF", "clef", Clef)
        {
            Resolution = TimeSpan.FromMicroseconds(1),
            Fields = [.. AllFields.Where(field => field != NamedField.Template)],
            HasDuration = _ => true,
            HasAttribute = name => name != "level_text",
        },
        new("logfmt", "logfmt", Logfmt)
        {
            Resolution = TimeSpan.FromMicroseconds(1), Fields = AllFields, HasDuration = _ => true, HasAttribute = _ => true,
        },
        Python("level and name", r => $"{Comma(r)} {PythonLevel(r)} {r.Logger}: {r.Message}"),
        Python("dashes", r => $"{Comma(r)} - {r.Logger} - {PythonLevel(r)} - {r.Message}"),
        Python("level in brackets", r => $"{Comma(r)} [{PythonLevel(r)}] {r.Logger}: {r.Message}"),
        Python("name in brackets", r => $"[{Comma(r)}] {PythonLevel(r)} [{r.Logger}] {r.Message}"),
        Python("loguru", r => $"{r.Time:yyyy-MM-dd HH:mm:ss.fff} | {PythonLevel(r),-8} | {r.Logger}:view:12 - {r.Message}"),
        Python("basicConfig", r => $"{PythonLevel(r)}:{r.Logger}:{r.Message}") with { Resolution = null },
        Python("Django's verbose", r => $"{PythonLevel(r)} {Comma(r)} views 6718 140281586502528 {r.Message}") with
        {
            Fields = [NamedField.Traceback],
        },
        Python("Celery", r => $"[{Comma(r)}: {PythonLevel(r)}/ForkPoolWorker-1] {r.Message}") with { Fields = [NamedField.Traceback] },
        Python("gunicorn", r => $"[{r.Time:yyyy-MM-dd HH:mm:ss} +0000] [77] [{PythonLevel(r)}] {r.Message}") with
        {
            Format = "gunicorn", Resolution = Second, Fields = [NamedField.Traceback],
        },
        Java("logback", r => $"{Comma(r)} [http-exec-3] {JavaLevel(r),-5} {r.Logger} - {r.Message}"),
        Java("log4j", r => $"{Comma(r)} {JavaLevel(r),-5} [main] {r.Logger} - {r.Message}"),
        Java(
            "Spring Boot",
            r => $"{r.Time:yyyy-MM-dd'T'HH:mm:ss.fffzzz} {JavaLevel(r),5} 7 --- [{"main",15}] {r.Logger,-40} : {r.Message}"),
        Java("Cassandra", r => $"{JavaLevel(r),-5} [main] {Comma(r)} Orders.java:6 - {r.Message}") with { Fields = [NamedField.Traceback] },
        new("simple console", "dotnet-simple", Simple) { Resolution = Millisecond, Fields = Logged },
        new("systemd console", "dotnet-systemd", Systemd) { Resolution = Millisecond, Fields = [NamedField.Logger] },
        new("Go", "go", r => r.Traceback is null ? $"{r.Time:yyyy/MM/dd HH:mm:ss.ffffff} main.go:7: {r.Message}" : null)
        {
            Resolution = TimeSpan.FromMicroseconds(1), HasLevel = false,
        },
        new("runserver", "django-server", r => Request(r) is { } request ? $"[{WebTime(r, " ")}] {request}" : null)
        {
            Resolution = Second, HasAttribute = name => name is not ("client.address" or "user_agent.original"),
        },
        new("combined", "access", Combined) { Resolution = Second, HasAttribute = _ => true },
        new("syslog", "syslog", r => Sshd(r, $"{r.Time:MMM} {r.Time.Day,2} {r.Time:HH:mm:ss}"))
        {
            Resolution = Second, Fields = [NamedField.Source, NamedField.Host], HasAttribute = _ => true,
        },
        new("Debian's syslog", "syslog", r => Sshd(r, $"{r.Time:yyyy-MM-dd'T'HH:mm:ss.ffffffzzz}"))
        {
            Resolution = TimeSpan.FromMicroseconds(1), Fields = [NamedField.Source, NamedField.Host], HasAttribute = _ => true,
        },
        new("journal", "json", Journal) { Resolution = TimeSpan.FromMicroseconds(1), Fields = [NamedField.Source, NamedField.Host] },
        .. RenderedDatabaseFormats.All,
        .. RenderedServerFormats.All,
    ];

    /// <summary>The lines of a traceback, below the record's first one.</summary>
    public static string Below(DemoRecord record) => record.Traceback is null ? "" : "\n" + record.Traceback;

    /// <summary>A level as syslog numbers it.</summary>
    public static int Priority(DemoRecord record) => record.Level switch
    {
        Level.Debug => 7,
        Level.Info => 6,
        Level.Warning => 4,
        Level.Error => 3,
        _ => 2,
    };

    /// <summary>The value of an attribute as a text.</summary>
    public static string? Attribute(DemoRecord record, string name) =>
        record.Attributes.Where(one => one.Key == name).Select(one => one.Value.Text).FirstOrDefault();

    private static RenderedFormat Python(string name, Func<DemoRecord, string> line) =>
        new(name, "python", r => r.Source == "tienda" ? line(r) + Below(r) : null) { Resolution = Millisecond, Fields = Logged };

    private static RenderedFormat Java(string name, Func<DemoRecord, string> line) =>
        new(name, "log4j", r => r.Source == "payments" ? line(r) + Below(r) : null) { Resolution = Millisecond, Fields = Logged };

    private static string Comma(DemoRecord record) => record.Time.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);

    private static string PythonLevel(DemoRecord record) => Levels.Name(record.Level);

    private static string JavaLevel(DemoRecord record) => record.Level == Level.Warning ? "WARN" : Levels.Name(record.Level);

    private static string Json(DemoRecord record)
    {
        var json = Members(record);
        json["time"] = record.Time.ToString("O", CultureInfo.InvariantCulture);
        json["level"] = Levels.Name(record.Level);
        json["message"] = record.Message;
        json["template"] = record.Template;
        json["traceback"] = record.Traceback;
        json["logger"] = record.Logger;
        json["attributes"] = Attributes(record, new JsonObject());
        return json.ToJsonString();
    }

    private static string Clef(DemoRecord record)
    {
        // The first member is what a line is known by.
        var json = new JsonObject
        {
            ["@t"] = record.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["@m"] = record.Message,
            ["@l"] = record.Level switch { Level.Info => null, Level.Critical => "Fatal", _ => record.Level.ToString() },
            ["@x"] = record.Traceback,
            ["SourceContext"] = record.Logger,
        };
        foreach (var (name, value) in Members(record))
        {
            json[name] = value?.DeepClone();
        }

        return Attributes(record, json).ToJsonString();
    }

    private static JsonObject Members(DemoRecord record) => new()
    {
        ["source"] = record.Source,
        ["host"] = record.Host,
        ["request_id"] = record.RequestId,
        ["user_id"] = record.UserId,
        ["duration_ms"] = record.DurationMs,
    };

    private static JsonObject Attributes(DemoRecord record, JsonObject json)
    {
        foreach (var (name, value) in record.Attributes)
        {
            json[name] = value.Type switch
            {
                AttributeType.Int64 => JsonValue.Create(value.Int64),
                AttributeType.Double => JsonValue.Create(value.Double),
                AttributeType.Boolean => JsonValue.Create(value.Boolean),
                _ => JsonValue.Create(value.String),
            };
        }

        return json;
    }

    private static string Logfmt(DemoRecord record)
    {
        var line = new StringBuilder($"time={record.Time:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z level={Levels.Name(record.Level)}");
        void Text(string name, string? value) => line.Append(value is null ? "" : $" {name}=\"{Escaped(value)}\"");
        Text("source", record.Source);
        Text("logger", record.Logger);
        Text("host", record.Host);
        Text("msg", record.Message);
        Text("template", record.Template);
        Text("traceback", record.Traceback);
        Text("request_id", record.RequestId);
        Text("user_id", record.UserId);
        line.Append(record.DurationMs is { } duration ? string.Create(CultureInfo.InvariantCulture, $" duration_ms={duration}") : "");
        foreach (var (name, value) in record.Attributes)
        {
            if (value.Type == AttributeType.String)
            {
                Text(name, value.String);
            }
            else
            {
                line.Append(CultureInfo.InvariantCulture, $" {name}={value.Text}");
            }
        }

        return line.ToString();
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string? Simple(DemoRecord record)
    {
        if (record.Source != "payments")
        {
            return null;
        }

        var level = record.Level switch
        {
            Level.Debug => "dbug",
            Level.Info => "info",
            Level.Warning => "warn",
            _ => "fail",
        };
        var text = (record.Message + Below(record)).Replace("\n", "\n      ", StringComparison.Ordinal);
        return $"{record.Time:yyyy-MM-dd'T'HH:mm:ss.fff}Z {level}: {record.Logger}[0]\n      {text}";
    }

    private static string? Systemd(DemoRecord record) => record.Source != "payments" || record.Traceback is not null ? null
        : $"<{Priority(record)}>{record.Time:yyyy-MM-dd'T'HH:mm:ss.fffzzz} {record.Logger}[0] {record.Message}";

    private static string? Combined(DemoRecord record) => Request(record) is { } request
        ? $"{Attribute(record, "client.address")} - - [{WebTime(record, ":")} +0000] {request} \"-\" "
            + $"\"{Attribute(record, "user_agent.original")}\""
        : null;

    private static string? Request(DemoRecord record)
    {
        if (record.Source != "nginx")
        {
            return null;
        }

        var query = Attribute(record, "url.query") is { } text ? "?" + text : "";
        var target = Attribute(record, "url.path") + query;
        return $"\"{Attribute(record, "http.request.method")} {target} HTTP/1.1\" {Attribute(record, "http.response.status_code")} "
            + Attribute(record, "http.response.body.size");
    }

    private static string WebTime(DemoRecord record, string between) =>
        record.Time.ToString($"dd/MMM/yyyy'{between}'HH:mm:ss", CultureInfo.InvariantCulture);

    private static string? Sshd(DemoRecord record, string time) => record.Source == "sshd"
        ? $"{time} {record.Host} sshd[{Attribute(record, "process.pid")}]: {record.Message}" : null;

    private static string Journal(DemoRecord record) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["__REALTIME_TIMESTAMP"] = (RecordTime.From(record.Time) / 10).ToString(CultureInfo.InvariantCulture),
        ["PRIORITY"] = Priority(record).ToString(CultureInfo.InvariantCulture),
        ["SYSLOG_IDENTIFIER"] = record.Source,
        ["_HOSTNAME"] = record.Host,
        ["MESSAGE"] = record.Message,
    });
}
