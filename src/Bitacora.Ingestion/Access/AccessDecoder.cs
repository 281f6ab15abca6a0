using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Access;

/// <summary>Access logs of nginx, Apache and all who write as they do: <c>common</c>, <c>combined</c>, <c>vhost_combined</c>.</summary>
internal sealed class AccessDecoder(FormatContext context) : IFormatDecoder
{
    private readonly byte[] _source = ServerName.Of(context.Path);
    private readonly EscapedField _field = new();
    private readonly TextBuffer _message = new();

    public static LogFormat Format { get; } = new(
        "access",
        "access logs of nginx and Apache: common, combined, vhost_combined",
        "203.0.113.7 - alice [01/May/2024:12:30:05 +0000] \"GET /orders?page=2 HTTP/1.1\" 200 612 \"-\" \"curl/7.88.1\"",
        static context => new AccessDecoder(context))
    {
        IsSingleLine = true,
    };

    public ReadOnlySpan<byte> Program => _source;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return TryTakeTime(line, out var head, out _, out _, out _) && AccessHead.TryRead(head, out _) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (!TryTakeTime(line, out var headText, out var ticks, out var hasOffset, out var at)
            || !AccessHead.TryRead(headText, out var head))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(hasOffset ? ticks : context.FromLocal(ticks));
        var rest = new ByteCursor(line) { At = at };
        if (!rest.TryTakeQuoted(out var request, out _))
        {
            return new LineOutcome(LineFault.QuoteOpen, rest.At);
        }

        if (!TryTakeWord(ref rest, out var status) || !IsNumberOrNone(status) || !TryTakeWord(ref rest, out var size)
            || !IsNumberOrNone(size))
        {
            return new LineOutcome(LineFault.NumberExpected, rest.At);
        }

        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Source, Program);
        record.SetText(NamedField.Logger, "access"u8);
        WriteHead(head, record);
        WriteRequest(request, status, record);
        WriteNumber("http.response.body.size"u8, size, record);
        return WriteTail(ref rest, record);
    }

    /// <summary>
    /// The time, <c> [01/May/2024:12:30:05 +0000] "</c>, what stands before it, and the place of the quote behind it. No quote stands
    /// before the request but in two of an empty user: servers escape them.
    /// </summary>
    private static bool TryTakeTime(
        ReadOnlySpan<byte> line, out ReadOnlySpan<byte> head, out long ticks, out bool hasOffset, out int quote)
    {
        head = default;
        (ticks, hasOffset) = (0, false);
        var close = line.IndexOf("] \""u8);
        quote = close + 2;
        var open = close < 0 ? -1 : line[..close].LastIndexOf((byte)'[');
        if (open < 2 || line[open - 1] != ' ' || close - open < 21 || line[open + 12] != ':')
        {
            return false;
        }

        head = line[..(open - 1)];
        var text = new ByteCursor(line[..close]) { At = open + 1 };
        return TimeCursor.TryTakeWebTime(ref text, out ticks, out hasOffset) && text.IsAtEnd;
    }

    private static bool TryTakeWord(scoped ref ByteCursor rest, out ReadOnlySpan<byte> word)
    {
        word = default;
        if (!rest.TryTake((byte)' '))
        {
            return false;
        }

        word = rest.TakeUntil((byte)' ');
        return true;
    }

    private static bool IsNumberOrNone(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("-"u8) || (word.Length is > 0 and <= 18 && !word.ContainsAnyExceptInRange((byte)'0', (byte)'9'));

    private void WriteHead(scoped in AccessHead head, RecordWriter record)
    {
        WriteText("client.address"u8, head.Client, record);
        if (head.ClientPort > 0)
        {
            record.AddAttribute("client.port"u8, head.ClientPort);
        }

        WriteText("server.address"u8, head.Server, record);
        if (head.ServerPort > 0)
        {
            record.AddAttribute("server.port"u8, head.ServerPort);
        }

        WriteText("access.ident"u8, head.Ident, record);

        // Apache writes a user whose name is empty as two quotes.
        WriteText("user.name"u8, head.User.SequenceEqual("\"\""u8) ? default : head.User, record);
    }

    /// <summary>The request's parts, the status and what it means, and the message: what one reads in a list.</summary>
    private void WriteRequest(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> status, RecordWriter record)
    {
        var request = _field.Read(quoted);
        _message.Clear();
        _message.Append(RequestLine.TryWrite(request, record) ? request[..request.LastIndexOf(" HTTP/"u8)]
            : request.IsEmpty ? "-"u8
            : request);
        if (status[0] != '-')
        {
            _message.Append(" "u8);
            _message.Append(status);
            var number = WriteNumber("http.response.status_code"u8, status, record);
            record.Level = number >= 500 ? Level.Error : number >= 400 ? Level.Warning : Level.Info;
        }

        record.SetText(NamedField.Message, _message.Written);
    }

    /// <summary>Referer and user agent, which the common format does not have, and whatever an administrator has added.</summary>
    private LineOutcome WriteTail(scoped ref ByteCursor rest, RecordWriter record)
    {
        if (rest.TryTake((byte)' ') && rest.Next == '"')
        {
            if (!rest.TryTakeQuoted(out var referer, out _) || !rest.TryTake((byte)' ') || !rest.TryTakeQuoted(out var agent, out _))
            {
                return new LineOutcome(LineFault.QuoteOpen, rest.At);
            }

            WriteText("http.request.header.referer"u8, referer, record);
            WriteText("user_agent.original"u8, agent, record);
            rest.TryTake((byte)' ');
        }

        if (!rest.IsAtEnd)
        {
            record.AddAttribute("access.extra"u8, rest.Rest);
        }

        return LineOutcome.Accepted;
    }

    private void WriteText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> field, RecordWriter record)
    {
        if (!field.IsEmpty && !field.SequenceEqual("-"u8))
        {
            record.AddAttribute(name, _field.Read(field));
        }
    }

    private static long WriteNumber(ReadOnlySpan<byte> name, ReadOnlySpan<byte> digits, RecordWriter record)
    {
        var cursor = new ByteCursor(digits);
        if (cursor.TryTakeNumber(out var number))
        {
            record.AddAttribute(name, number);
        }

        return number;
    }
}
