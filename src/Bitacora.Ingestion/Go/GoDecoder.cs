using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Go;

/// <summary>
/// <c>2024/05/01 12:30:05 main.go:23: text</c>: Go's package <c>log</c>, and what the runtime writes when a program dies.
/// </summary>
internal sealed class GoDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "go",
        "Go's package log, with panics",
        "2024/05/01 12:30:05 main.go:23: payment refused",
        static context => new GoDecoder(context))
    {
        // Others begin with such a time too (nginx's error log) and say more behind it; so does many a plain text.
        Specificity = 30,
        IsKnownAmongOthers = false,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return IsPanic(line) || TryTakeTime(line, out _, out _) ? LineRole.Start
            : TracebackLines.NeverBegins(line) ? LineRole.Continuation : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (IsPanic(text))
        {
            record.Level = Level.Critical;
            TracebackText.Write(text, record);
            return LineOutcome.Accepted;
        }

        if (!TryTakeTime(text, out var time, out var at))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(time.In(context));
        text = text[at..];
        WritePlace(ref text, record);
        if (TracebackText.Write(text, record))
        {
            record.Level = Level.Error;
        }

        return LineOutcome.Accepted;
    }

    private static bool IsPanic(ReadOnlySpan<byte> line) => line.StartsWith("panic: "u8) || line.StartsWith("fatal error: "u8);

    private static bool TryTakeTime(ReadOnlySpan<byte> line, out LineTime time, out int end)
    {
        var text = new ByteCursor(line);
        time = default;
        end = 0;
        if (text.Peek(4) != '/' || !TimeCursor.TryTakeDateTime(ref text, out var ticks) || !text.TryTake((byte)' '))
        {
            return false;
        }

        time = new LineTime(ticks, HasDate: true, HasOffset: false);
        end = text.At;
        return true;
    }

    /// <summary><c>main.go:23: </c>, where the flags ask for it.</summary>
    private static void WritePlace(ref ReadOnlySpan<byte> text, RecordWriter record)
    {
        var end = text.IndexOf(": "u8);
        if (end < 0)
        {
            return;
        }

        var file = text[..end];
        if (LineWords.TrySplitLine(ref file, out var number) && file.EndsWith(".go"u8) && !file.ContainsAny((byte)' ', (byte)'\n'))
        {
            record.AddAttribute(AttributeNames.FilePath, file);
            record.AddAttribute(AttributeNames.LineNumber, number);
            text = text[(end + 2)..];
        }
    }
}
