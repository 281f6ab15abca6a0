using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Nginx;

/// <summary>nginx's error log: <c>2026/11/23 06:42:18 [error] 19261#19261: *4 text, client: …, request: "…"</c>.</summary>
internal sealed class NginxErrorDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "nginx-error",
        "nginx's error log",
        "2024/05/01 12:30:05 [error] 321#321: *7 open() \"/srv/www/a\" failed (2: No such file or directory), client: 203.0.113.7, "
        + "server: example.com, request: \"GET /a HTTP/1.1\", host: \"example.com\"",
        static context => new NginxErrorDecoder(context));

    public ReadOnlySpan<byte> Program => "nginx"u8;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return NginxErrorHead.TryTake(line, out _) ? LineRole.Start : LineRole.Text;
    }

    public bool GoesOn(ReadOnlySpan<byte> record, ReadOnlySpan<byte> line) => IsUnfinished(record);

    /// <summary>
    /// What a FastCGI program such as PHP-FPM wrote stands in quotes, its line ends too. Behind the closing one nginx says whom it served.
    /// </summary>
    public bool IsUnfinished(ReadOnlySpan<byte> record)
    {
        var quote = record.IndexOf("FastCGI sent in stderr: \""u8);
        return quote >= 0 && record[quote..].LastIndexOf(", client: "u8) < 0;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (!NginxErrorHead.TryTake(line, out var head))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(context.FromLocal(head.LocalTicks));
        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Source, Program);
        record.SetText(NamedField.Logger, "error"u8);
        LevelNames.Write(head.Level, record);
        record.AddAttribute("process.pid"u8, head.ProcessId);
        record.AddAttribute("thread.id"u8, head.ThreadId);
        if (head.Connection > 0)
        {
            record.AddAttribute("nginx.connection"u8, head.Connection);
        }

        record.SetText(NamedField.Message, NginxErrorDetails.Cut(head.Text, record));
        return LineOutcome.Accepted;
    }
}
