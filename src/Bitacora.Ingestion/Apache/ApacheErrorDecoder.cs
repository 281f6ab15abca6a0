using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Apache;

/// <summary>Apache's error log, of version 2.2 and 2.4.</summary>
internal sealed class ApacheErrorDecoder(FormatContext context) : IFormatDecoder
{
    private readonly TextBuffer _text = new();

    public static LogFormat Format { get; } = new(
        "apache-error",
        "Apache's error log, 2.2 and 2.4",
        "[Wed May 01 12:30:05.902022 2024] [core:error] [pid 357:tid 1402] [client 203.0.113.7:50316] AH00128: File does not exist: /srv/a",
        static context => new ApacheErrorDecoder(context))
    {
        IsSingleLine = true,
    };

    public ReadOnlySpan<byte> Program => "apache"u8;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return ApacheErrorHead.TryTake(line, out _) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (!ApacheErrorHead.TryTake(line, out var head))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        head.TakeOthers();
        record.SetTime(context.FromLocal(head.LocalTicks));
        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Source, Program);
        record.SetText(NamedField.Logger, head.Module);
        record.SetText(NamedField.Logger, "error"u8);
        WriteLevel(head.Level, record);
        WritePositive("process.pid"u8, head.ProcessId, record);
        WritePositive("thread.id"u8, head.ThreadId, record);
        WriteText(ref head, record);
        return LineOutcome.Accepted;
    }

    private static void WriteLevel(ReadOnlySpan<byte> level, RecordWriter record)
    {
        if (ApacheErrorHead.IsTrace(level))
        {
            record.Level = Level.Trace;
            record.AddAttribute(ReservedAttributes.LevelText, level);
        }
        else
        {
            LevelNames.Write(level, record);
        }
    }

    private static void WritePositive(ReadOnlySpan<byte> name, long number, RecordWriter record)
    {
        if (number > 0)
        {
            record.AddAttribute(name, number);
        }
    }

    private void WriteText(ref ApacheErrorHead head, RecordWriter record)
    {
        var text = head.Text;
        var prefix = ApacheErrorText.PrefixLength(text);
        var rest = text[prefix..];
        if (head.Client.IsEmpty && rest.StartsWith("[client "u8) && rest.IndexOf("] "u8) is > 0 and var end)
        {
            // Behind a system's error the client stands within the text, from which it is taken as from before it.
            head.Client = rest[8..end];
            rest = rest[(end + 2)..];
            _text.Clear();
            _text.Append(text[..prefix]);
            _text.Append(rest);
            text = _text.Written;
        }

        if (ApacheErrorText.CodeIn(rest) is { IsEmpty: false } code)
        {
            record.AddAttribute("apache.error_code"u8, code);
        }

        if (!head.Client.IsEmpty)
        {
            WriteClient(head.Client, head.HasModule, record);
            var referer = text.LastIndexOf(", referer: "u8);
            if (referer >= 0)
            {
                record.AddAttribute("http.request.header.referer"u8, text[(referer + 11)..]);
                text = text[..referer];
            }
        }

        record.SetText(NamedField.Message, text);
    }

    /// <summary>Version 2.4 writes the port behind a last colon, also behind an IPv6 address without brackets.</summary>
    private static void WriteClient(ReadOnlySpan<byte> client, bool hasPort, RecordWriter record)
    {
        var colon = hasPort ? client.LastIndexOf((byte)':') : -1;
        var port = new ByteCursor(client[(colon + 1)..]);
        if (colon > 0 && port.TryTakeDigits(1, 5, out var number) && port.IsAtEnd)
        {
            record.AddAttribute("client.port"u8, number);
            client = client[..colon];
        }

        record.AddAttribute("client.address"u8, client);
    }
}
