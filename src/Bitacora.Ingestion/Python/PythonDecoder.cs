using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Python;

/// <summary>Python's <c>logging</c> in its usual formats, loguru and Celery, with their tracebacks.</summary>
internal sealed class PythonDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "python",
        "Python's logging in its usual formats, Flask, Django's verbose, loguru, Celery",
        "2024-05-01 12:30:05,123 ERROR shop.orders: payment refused",
        static context => new PythonDecoder(context))
    {
        // Java's log4j may write "time LEVEL name: text" too; the records are the same.
        Specificity = 51,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return PythonLine.TryParse(line, out _) ? LineRole.Start
            : TracebackLines.NeverBegins(line) ? LineRole.Continuation : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (!PythonLine.TryParse(TracebackText.FirstLine(text), out var line))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        if (line.Time is { } time)
        {
            record.SetTime(time.In(context));
        }

        LevelNames.Write(line.Level, record);
        record.SetText(NamedField.Logger, line.Logger);
        record.AddIfAny(AttributeNames.FunctionName, line.Function);
        record.AddIfAny("python.process_name"u8, line.ProcessName);
        record.AddIfAny(AttributeNames.LineNumber, line.CodeLine);
        record.AddIfAny(AttributeNames.ProcessId, line.ProcessId);
        record.AddIfAny(AttributeNames.ThreadId, line.ThreadId);
        TracebackText.Write(text[line.MessageAt..], record);
        return LineOutcome.Accepted;
    }
}
