using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.DotNetConsole;

/// <summary>
/// .NET's simple console: <c>fail: Shop.Orders[7]</c>, and the text in lines that are indented by six blanks. With <c>SingleLine</c> the
/// text stands behind the event's id.
/// </summary>
internal sealed class DotNetSimpleDecoder(FormatContext context) : IFormatDecoder
{
    private readonly TextBuffer _text = new();

    public static LogFormat Format { get; } = new(
        "dotnet-simple",
        ".NET's simple console",
        "2024-05-01T12:30:05Z fail: Shop.Orders[7] payment refused",
        static context => new DotNetSimpleDecoder(context));

    private static ReadOnlySpan<byte> Indent => "      "u8;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return TryTakeHead(line, out _, out _, out _, out _, out _) ? LineRole.Start
            : TracebackLines.NeverBegins(line) ? LineRole.Continuation : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var first = TracebackText.FirstLine(text);
        if (!TryTakeHead(first, out var time, out var level, out var category, out var eventId, out var textAt))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        if (time is { } known)
        {
            record.SetTime(known.In(context));
        }

        LevelNames.Write(level, record);
        record.SetText(NamedField.Logger, category);
        record.AddAttribute("EventId"u8, eventId);
        var lines = text[Math.Min(text.Length, first.Length + 1)..];
        if (lines.StartsWith(Indent) && lines[Indent.Length..].StartsWith("=> "u8))
        {
            var scope = TracebackText.FirstLine(lines);
            record.AddAttribute("dotnet.scope"u8, scope[(Indent.Length + 3)..]);
            lines = lines[Math.Min(lines.Length, scope.Length + 1)..];
        }

        TracebackText.Write(Text(first[textAt..], lines), record);
        return LineOutcome.Accepted;
    }

    /// <summary>The text without the console's blanks.</summary>
    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> first, ReadOnlySpan<byte> lines)
    {
        _text.Clear();
        _text.Append(first);
        while (!lines.IsEmpty)
        {
            if (_text.Written.Length > 0)
            {
                _text.Append("\n"u8);
            }

            var line = TracebackText.FirstLine(lines);
            _text.Append(line.StartsWith(Indent) ? line[Indent.Length..] : line);
            lines = lines[Math.Min(lines.Length, line.Length + 1)..];
        }

        return _text.Written;
    }

    private static bool TryTakeHead(
        ReadOnlySpan<byte> line, out LineTime? time, out ReadOnlySpan<byte> level, out ReadOnlySpan<byte> category, out long eventId,
        out int textAt)
    {
        var text = new ByteCursor(line);
        time = null;
        level = category = default;
        eventId = textAt = 0;
        if ((uint)(text.Next - '0') <= 9)
        {
            if (!LineTime.TryTakeWithOrWithoutDate(ref text, out var known) || !text.TryTake((byte)' '))
            {
                return false;
            }

            time = known;
        }

        if (text.Rest.Length < 6 || text.Peek(4) != ':' || text.Peek(5) != ' ')
        {
            return false;
        }

        level = text.Take(4);
        text.At += 2;
        if (!IsLevel(level) || !EventCategory.TryTake(ref text, out category, out eventId))
        {
            return false;
        }

        textAt = text.At;
        return true;
    }

    private static bool IsLevel(ReadOnlySpan<byte> word) => word.SequenceEqual("info"u8) || word.SequenceEqual("warn"u8)
        || word.SequenceEqual("fail"u8) || word.SequenceEqual("dbug"u8) || word.SequenceEqual("trce"u8) || word.SequenceEqual("crit"u8);
}
