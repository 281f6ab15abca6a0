using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Gunicorn;

/// <summary><c>[2024-05-01 12:30:05 +0000] [4321] [INFO] text</c>: gunicorn's error log, with the tracebacks of workers.</summary>
internal sealed class GunicornDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "gunicorn",
        "gunicorn's error log",
        "[2024-05-01 12:30:05 +0000] [4321] [ERROR] Error handling request /orders",
        static context => new GunicornDecoder(context));

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return TryTakeHead(line, out _, out _, out _, out _) ? LineRole.Start
            : TracebackLines.NeverBegins(line) ? LineRole.Continuation : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (!TryTakeHead(TracebackText.FirstLine(text), out var time, out var process, out var level, out var messageAt))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(time.In(context));
        LevelNames.Write(level, record);
        record.SetText(NamedField.Source, "gunicorn"u8);
        record.SetText(NamedField.Logger, "gunicorn.error"u8);
        record.AddAttribute(AttributeNames.ProcessId, process);
        TracebackText.Write(text[messageAt..], record);
        return LineOutcome.Accepted;
    }

    private static bool TryTakeHead(
        ReadOnlySpan<byte> line, out LineTime time, out long process, out ReadOnlySpan<byte> level, out int messageAt)
    {
        var text = new ByteCursor(line);
        process = messageAt = 0;
        time = default;
        level = default;
        if (!text.TryTake((byte)'[') || !LineTime.TryTake(ref text, out time) || !text.TryTake("] ["u8)
            || !text.TryTakeNumber(out process) || !text.TryTake("] "u8) || !text.TryTakeBracketed(out level)
            || !LineWords.IsLevel(level) || !(text.TryTake((byte)' ') || text.IsAtEnd))
        {
            return false;
        }

        messageAt = text.At;
        return true;
    }
}
