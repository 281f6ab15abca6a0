using System.Globalization;
using System.Text;
using Bitacora.Cli.Demo;
using Bitacora.Records;

namespace Bitacora.Cli.Tests.Demo;

/// <summary>The shop's records as the machines' own services write theirs: syslog with structured data, the journal, web servers.</summary>
internal static class RenderedServerFormats
{
    private const string DataId = "shop@32473";

    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<RenderedFormat> All { get; } =
    [
        new("RFC 5424", "syslog5424", Syslog5424)
        {
            Resolution = Microsecond,
            Fields = [NamedField.Source, NamedField.Host],
            HasAttribute = name => name == "process.pid",
            Also = record =>
            [
                ("syslog.facility", AttributeValue.From("local0")),
                .. StructuredData(record).Select(one => ($"{DataId}.{one.Name}", AttributeValue.From(one.Value))),
            ],
        },
        new("journal export", "journal-export", JournalExport)
        {
            Resolution = Microsecond,
            Fields = [NamedField.Source, NamedField.Host],
            HasAttribute = name => name == "process.pid",
        },
        new("nginx's error log", "nginx-error", r =>
            r.Level == Level.Info && r.Source == "nginx" ? null
                : $"{r.Time:yyyy/MM/dd HH:mm:ss} [{WebLevel(r)}] 19261#19262: *4 {r.Message}, client: 192.0.2.7, server: _, "
                    + "request: \"GET /buscar?q=t%C3%A9 HTTP/1.1\", host: \"tienda.example\"")
        {
            Resolution = Second,
            Also = _ =>
            [
                ("client.address", AttributeValue.From("192.0.2.7")),
                ("url.query", AttributeValue.From("q=t%C3%A9")),
                ("http.request.header.host", AttributeValue.From("tienda.example")),
                ("nginx.connection", AttributeValue.From(4L)),
            ],
        },
        new("Apache's error log", "apache-error", r =>
            $"[{r.Time:ddd MMM dd HH:mm:ss.ffffff yyyy}] [{r.Logger ?? "core"}:{WebLevel(r)}] [pid 35708:tid 14028158] "
                + $"[client 192.0.2.7:50316] {r.Message}")
        {
            Resolution = Microsecond,
            Also = _ =>
            [
                ("client.address", AttributeValue.From("192.0.2.7")),
                ("client.port", AttributeValue.From(50316L)),
                ("process.pid", AttributeValue.From(35708L)),
            ],
        },
        new("OpenStack", "openstack", r => r.Source != "tienda" ? null
            : $"{r.Time:yyyy-MM-dd HH:mm:ss.fff} 2931 {Levels.Name(r.Level)} {r.Logger} [req-{r.RequestId} {r.UserId} - - - -] {r.Message}"
                + RenderedFormats.Below(r))
        {
            Resolution = TimeSpan.FromMilliseconds(1),
            Fields = [NamedField.Logger, NamedField.UserId, NamedField.Traceback],
        },
        new("plain lines", "plain", r => r.Source == "payments" ? null : r.Message + RenderedFormats.Below(r))
        {
            HasLevel = false, Fields = [NamedField.Traceback],
        },
    ];

    private static string Syslog5424(DemoRecord record)
    {
        var data = string.Concat(StructuredData(record).Select(one => $" {one.Name}=\"{Escaped(one.Value)}\""));

        // A byte order mark says that what is not ASCII is UTF-8.
        var mark = Ascii.IsValid(record.Message) ? "" : "\uFEFF";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<{(16 * 8) + RenderedFormats.Priority(record)}>1 {record.Time:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z {record.Host} {record.Source} ")
            + $"{RenderedFormats.Attribute(record, "process.pid") ?? "-"} - [{DataId}{data}] {mark}{record.Message}";
    }

    private static IEnumerable<(string Name, string Value)> StructuredData(DemoRecord record)
    {
        // The message once more, for its quotes, and one of every character that is escaped.
        yield return ("text", $"{record.Message} \\ ] \"");
        if (record.RequestId is { } request)
        {
            yield return ("request", request);
        }

        foreach (var (name, value) in record.Attributes.Where(one => one.Key != "process.pid"))
        {
            yield return (name, value.Text);
        }
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static string JournalExport(DemoRecord record)
    {
        var entry = new StringBuilder();
        var time = (RecordTime.From(record.Time) / 10).ToString(CultureInfo.InvariantCulture);
        entry.Append(CultureInfo.InvariantCulture, $"__REALTIME_TIMESTAMP={time}\nPRIORITY={RenderedFormats.Priority(record)}\n");
        entry.Append(CultureInfo.InvariantCulture, $"SYSLOG_IDENTIFIER={record.Source}\n_HOSTNAME={record.Host}\n");
        entry.Append(CultureInfo.InvariantCulture, $"MESSAGE={record.Message}\n");
        if (RenderedFormats.Attribute(record, "process.pid") is { } process)
        {
            entry.Append(CultureInfo.InvariantCulture, $"_PID={process}\n");
        }

        return entry.ToString();
    }

    private static string WebLevel(DemoRecord record) => record.Level switch
    {
        Level.Warning => "warn",
        Level.Critical => "crit",
        _ => Levels.Name(record.Level).ToLowerInvariant(),
    };
}
