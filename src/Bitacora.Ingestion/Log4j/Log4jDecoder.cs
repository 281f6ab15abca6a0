using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Log4j;

/// <summary>log4j, log4j2 and logback in their usual patterns, Spring Boot and Cassandra, with their exceptions.</summary>
internal sealed class Log4jDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "log4j",
        "log4j, log4j2, logback, Spring Boot, Cassandra",
        "2024-05-01 12:30:05,123 [main] ERROR c.e.shop.Orders - payment refused",
        static context => new Log4jDecoder(context));

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return Log4jLine.TryParse(line, out _) ? LineRole.Start
            : TracebackLines.NeverBegins(line) ? LineRole.Continuation : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (!Log4jLine.TryParse(TracebackText.FirstLine(text), out var line))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        if (line.Time is { } time)
        {
            record.SetTime(time.In(context));
        }

        LevelNames.Write(line.Level, record);
        record.SetText(NamedField.Logger, line.Logger);
        record.SetText(NamedField.TraceId, line.TraceId);
        record.SetText(NamedField.SpanId, line.SpanId);
        record.AddIfAny(AttributeNames.ThreadName, line.Thread);
        record.AddIfAny(AttributeNames.ProcessId, line.ProcessId);
        record.AddIfAny(AttributeNames.FilePath, line.File);
        record.AddIfAny(AttributeNames.LineNumber, line.CodeLine);
        record.AddIfAny("spring.application.name"u8, line.Application);
        record.AddIfAny("log4j.elapsed_ms"u8, line.Elapsed);
        record.AddIfAny("log4j.context"u8, line.Context);
        TracebackText.Write(text[line.MessageAt..], record);
        return LineOutcome.Accepted;
    }
}
