using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.OpenStack;

/// <summary>Logs of OpenStack's services. Each line of an exception has a head of its own, which is taken off again.</summary>
internal sealed class OpenStackDecoder(FormatContext context) : IFormatDecoder
{
    private static ReadOnlySpan<byte> InstanceStart => "[instance: "u8;

    private readonly TextBuffer _text = new();

    public static LogFormat Format { get; } = new(
        "openstack",
        "services of OpenStack",
        "2026-11-23 06:51:01.944 2931 INFO nova.compute.manager [req-3ea4052c-895d-4b64-9e2d-04d64c4d94ab - - - - -] VM Started",
        static context => new OpenStackDecoder(context));

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        var cursor = new ByteCursor(line);
        var isHead = OpenStackHead.TryTake(ref cursor, out var head);
        key = isHead ? head.Process : 0;
        return !isHead ? LineRole.Text : head.IsOfException ? LineRole.Part : LineRole.Start;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var cursor = new ByteCursor(text);
        if (!OpenStackHead.TryTake(ref cursor, out var head))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(context.FromLocal(head.Local));
        LevelNames.Write(head.LevelWord, record);
        record.SetText(NamedField.Source, head.Service);
        record.SetText(NamedField.Logger, head.Logger);
        record.AddAttribute("process.pid"u8, head.Process);
        WriteContext(head.Context, record);
        var message = cursor.Rest;
        if (message.StartsWith(InstanceStart) && message.IndexOf((byte)']') is var end and > 0)
        {
            record.AddAttribute("openstack.instance_id"u8, message[InstanceStart.Length..end]);
        }

        WriteRequest(message, record);
        TracebackText.Write(WithoutHeads(message), record);
        return LineOutcome.Accepted;
    }

    /// <summary>
    /// <c>req-… user project domain user_domain project_domain</c>, of which a dash is nothing. Before it stands, since 2023, the id that
    /// the request had elsewhere, or <c>None</c>.
    /// </summary>
    private static void WriteContext(ReadOnlySpan<byte> context, RecordWriter record)
    {
        var words = new ByteCursor(context);
        var first = words.TakeWord();
        words.SkipBlanks();
        if (words.StartsWith("req-"u8))
        {
            if (first.StartsWith("req-"u8))
            {
                record.AddAttribute("openstack.global_request_id"u8, first);
            }

            first = words.TakeWord();
            words.SkipBlanks();
        }

        if (!first.StartsWith("req-"u8))
        {
            return;
        }

        record.SetText(NamedField.RequestId, first);
        for (var place = 0; !words.IsAtEnd; place++)
        {
            var word = words.TakeWord();
            words.SkipBlanks();
            if (word.SequenceEqual("-"u8))
            {
                continue;
            }

            switch (place)
            {
                case 0:
                    record.SetText(NamedField.UserId, word);
                    break;
                case 1:
                    record.AddAttribute("openstack.project_id"u8, word);
                    break;
                case 2:
                    record.AddAttribute("openstack.domain_id"u8, word);
                    break;
                case 3:
                    record.AddAttribute("openstack.user_domain_id"u8, word);
                    break;
                case 4:
                    record.AddAttribute("openstack.project_domain_id"u8, word);
                    break;
            }
        }
    }

    /// <summary><c>ADDRESS[,…] "GET …" status: 200 len: 1893 time: 0.25</c>.</summary>
    private static void WriteRequest(ReadOnlySpan<byte> message, RecordWriter record)
    {
        var cursor = new ByteCursor(message);
        var addresses = cursor.TakeWord();
        var comma = addresses.IndexOf((byte)',');
        var client = comma < 0 ? addresses : addresses[..comma];
        if (!AddressPort.IsAddress(client) || !cursor.TryTake((byte)' ') || !cursor.TryTakeQuoted(out var request, out _)
            || !TryTakeField(ref cursor, "status: "u8, out var status) || !TryTakeField(ref cursor, "len: "u8, out var length)
            || !TryTakeField(ref cursor, "time: "u8, out var time))
        {
            return;
        }

        record.AddAttribute("client.address"u8, client);
        RequestLine.TryWrite(request, record);
        AddNumber("http.response.status_code"u8, status, record);
        AddNumber("http.response.body.size"u8, length, record);
        if (JsonNumber.TryReadText(time, out var seconds))
        {
            record.SetDuration(seconds * 1000);
        }
    }

    private static bool TryTakeField(ref ByteCursor cursor, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        cursor.SkipBlanks();
        value = default;
        if (!cursor.TryTake(name))
        {
            return false;
        }

        value = cursor.TakeUntilBlankOrLineEnd();
        return true;
    }

    private static void AddNumber(ReadOnlySpan<byte> name, ReadOnlySpan<byte> digits, RecordWriter record)
    {
        if (JsonNumber.IsInteger(digits) && JsonNumber.TryReadInteger(digits, out var number))
        {
            record.AddAttribute(name, number);
        }
    }

    /// <summary>The text without the heads of joined lines.</summary>
    private ReadOnlySpan<byte> WithoutHeads(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        if (end < 0)
        {
            return text;
        }

        _text.Clear();
        _text.Append(text[..end]);
        while (end < text.Length)
        {
            text = text[(end + 1)..];
            end = text.IndexOf((byte)'\n');
            end = end < 0 ? text.Length : end;
            var line = new ByteCursor(text[..end]);
            if (!OpenStackHead.TryTake(ref line, out _))
            {
                line.At = 0;
            }
            else if (line.StartsWith(InstanceStart) && line.TryTakeBracketed(out _))
            {
                line.TryTake((byte)' ');
            }

            _text.Append("\n"u8);
            _text.Append(line.Rest);
        }

        return _text.Written;
    }
}
