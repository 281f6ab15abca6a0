using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Plain;

/// <summary>
/// Lines of no known format: each is a message, with a time if it begins with one. Lines that are indented, and those of tracebacks, go on
/// with the record before.
/// </summary>
internal sealed class PlainDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "plain",
        "any text, with a time at its start or without; indented lines and tracebacks belong to the line before",
        "2024-05-01 12:30:05 status installed nginx:amd64 1.22.1-9",
        static context => new PlainDecoder(context))
    {
        Specificity = 0,
        IsKnownAmongOthers = false,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return TracebackLines.NeverBegins(line) ? LineRole.Continuation
            : line[0] == '}' || TracebackLines.IsException(line) || TracebackLines.IsGoFrame(line) ? LineRole.Text
            : LineRole.Foreign;
    }

    /// <summary>
    /// At column 0 stand the class of the exception that ends a traceback of Python, frames of Go, and the brace behind Node's causes.
    /// </summary>
    public bool GoesOn(ReadOnlySpan<byte> record, ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return true;
        }

        if (TracebackLines.IsGoFrame(line) && record.IndexOf("goroutine "u8) >= 0)
        {
            return true;
        }

        var lastLine = record[(record.LastIndexOf((byte)'\n') + 1)..];
        return lastLine.StartsWith(" "u8) && (line.SequenceEqual("}"u8) || record.IndexOf(TracebackLines.PythonHead) >= 0);
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var cursor = new ByteCursor(text);
        if (TimeCursor.TryTakeDateTime(ref cursor, out var local))
        {
            record.SetTime(TimeCursor.TakeZone(ref cursor, context, local));
        }

        var firstEnd = text.IndexOf((byte)'\n');
        if (firstEnd < 0)
        {
            record.SetText(NamedField.Message, text);
            return LineOutcome.Accepted;
        }

        var frames = text[(firstEnd + 1)..];
        if (TracebackLines.IsFrame(frames) && !frames.StartsWith("Caused by: "u8))
        {
            // The first line is the exception itself.
            record.Level = Level.Error;
            record.SetText(NamedField.Message, text[..firstEnd]);
            record.SetText(NamedField.Traceback, text);
        }
        else if (TracebackText.Write(text, record))
        {
            record.Level = Level.Error;
        }

        return LineOutcome.Accepted;
    }
}
