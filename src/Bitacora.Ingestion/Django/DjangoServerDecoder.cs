using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Django;

/// <summary>
/// The console of <c>manage.py runserver</c>: <c>[01/May/2024 12:30:05] "GET /orders HTTP/1.1" 500 145</c>, in colours or without, and
/// between such lines whatever else the program writes.
/// </summary>
internal sealed class DjangoServerDecoder(FormatContext context) : IFormatDecoder
{
    private readonly TextBuffer _plain = new();
    private readonly TextBuffer _message = new();

    public static LogFormat Format { get; } = new(
        "django-server",
        "manage.py runserver",
        "[01/May/2024 12:30:05] \"GET /orders HTTP/1.1\" 500 145",
        static context => new DjangoServerDecoder(context));

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        var text = new ByteCursor(line);
        TerminalColours.Skip(ref text);
        return TryTakeTime(ref text, out _) ? LineRole.Start
            : TracebackLines.NeverBegins(line) ? LineRole.Continuation
            : TracebackLines.IsException(line) ? LineRole.Text : LineRole.Foreign;
    }

    /// <summary>The exception at a traceback's end, and blank lines before a further one.</summary>
    public bool GoesOn(ReadOnlySpan<byte> record, ReadOnlySpan<byte> line) =>
        record.IndexOf(TracebackLines.PythonHead) >= 0
        && (line.IsEmpty || record[(record.LastIndexOf((byte)'\n') + 1)..].StartsWith(" "u8));

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var plain = TerminalColours.Remove(text, _plain);
        var cursor = new ByteCursor(plain);
        if (!TryTakeTime(ref cursor, out var ticks))
        {
            WriteOther(plain, record);
            return LineOutcome.Accepted;
        }

        record.SetTime(context.FromLocal(ticks));
        record.SetText(NamedField.Logger, "django.server"u8);
        if (!TryWriteRequest(cursor.Rest, record) && TracebackText.Write(cursor.Rest, record))
        {
            record.Level = Level.Error;
        }

        return LineOutcome.Accepted;
    }

    private static bool TryTakeTime(ref ByteCursor text, out long ticks)
    {
        ticks = 0;
        return text.TryTake((byte)'[') && TimeCursor.TryTakeWebTime(ref text, out ticks, out var hasOffset) && !hasOffset
            && text.TryTake("] "u8);
    }

    /// <summary><c>"GET / HTTP/1.1" 200 2</c>. What stands in the quotes is as it came, quotes too.</summary>
    private bool TryWriteRequest(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var close = text.LastIndexOf("\" "u8);
        if (close < 1 || text[0] != '"')
        {
            return false;
        }

        var cursor = new ByteCursor(text) { At = close + 2 };
        if (!cursor.TryTakeDigits(3, 3, out var status) || !cursor.TryTake((byte)' ')
            || !(cursor.TryTakeNumber(out var size) || cursor.TryTake((byte)'-')) || !cursor.IsAtEnd)
        {
            return false;
        }

        var request = text[1..close];
        _message.Clear();
        var isRequest = RequestLine.TryWrite(request, record);
        _message.Append(isRequest ? request[..request.LastIndexOf((byte)' ')] : request);
        _message.Append(text.Slice(close + 1, 4));
        record.SetText(NamedField.Message, _message.Written);
        record.Level = status >= 500 ? Level.Error : status >= 400 ? Level.Warning : Level.Info;
        record.AddAttribute("http.response.status_code"u8, status);
        if (text[^1] != '-')
        {
            record.AddAttribute("http.response.body.size"u8, size);
        }

        return true;
    }

    /// <summary>What Django says of a request goes before the request's own line; anything else is the program's.</summary>
    private static void WriteOther(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var isError = text.StartsWith("Internal Server Error: "u8);
        if (isError || text.StartsWith("Not Found: "u8) || text.StartsWith("Forbidden"u8) || text.StartsWith("Bad Request: "u8)
            || text.StartsWith("Method Not Allowed ("u8))
        {
            record.SetText(NamedField.Logger, "django.request"u8);
            record.Level = isError ? Level.Error : Level.Warning;
        }

        if (TracebackText.Write(text, record))
        {
            record.Level = Level.Error;
        }
    }
}
