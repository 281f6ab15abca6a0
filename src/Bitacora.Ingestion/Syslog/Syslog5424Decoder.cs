using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>RFC 5424: <c>&lt;165&gt;1 TIME HOST APP PROCID MSGID [id name="value"] text</c>; a dash stands for nothing.</summary>
internal sealed class Syslog5424Decoder : IFormatDecoder
{
    private readonly StructuredData _data = new();

    public static LogFormat Format { get; } = new(
        "syslog5424",
        "syslog of RFC 5424",
        "<165>1 2024-05-01T12:30:05.944123Z web1 shop 4321 ID47 [exampleSDID@32473 iut=\"3\"] order 4711 placed",
        static _ => new Syslog5424Decoder())
    {
        IsSingleLine = true,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        var text = new ByteCursor(line);
        return SyslogPriority.TryTake(ref text, out _) && text.TryTake("1 "u8) && TryTakeTime(ref text, out _) ? LineRole.Start
            : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        var text = new ByteCursor(line);
        if (!SyslogPriority.TryTake(ref text, out var priority) || !text.TryTake("1 "u8) || !TryTakeTime(ref text, out var time))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        if (!text.TryTakeThrough((byte)' ', out var host) || !text.TryTakeThrough((byte)' ', out var program)
            || !text.TryTakeThrough((byte)' ', out var process) || !text.TryTakeThrough((byte)' ', out var id))
        {
            return new LineOutcome(LineFault.HeadEndsEarly, line.Length);
        }

        if (!_data.TryTake(ref text, record))
        {
            return new LineOutcome(LineFault.BadElement, text.At);
        }

        if (time is { } ticks)
        {
            record.SetTime(ticks);
        }

        record.Layer = Layer.Infrastructure;
        SyslogPriority.Write(priority, record);
        record.SetText(NamedField.Host, NoDash(host));
        record.SetText(NamedField.Source, NoDash(program));
        WriteProcess(NoDash(process), record);
        if (!NoDash(id).IsEmpty)
        {
            record.AddAttribute("syslog.msgid"u8, id);
        }

        text.TryTake((byte)' ');
        text.TryTake("\uFEFF"u8);
        record.SetText(NamedField.Message, text.Rest);
        return LineOutcome.Accepted;
    }

    private static bool TryTakeTime(ref ByteCursor text, out long? time)
    {
        time = null;
        if (text.TryTake("- "u8))
        {
            return true;
        }

        if (text.Peek(10) != 'T' || !TimeCursor.TryTakeDateTime(ref text, out var ticks)
            || !TimeCursor.TryTakeOffset(ref text, out var offset) || !text.TryTake((byte)' '))
        {
            return false;
        }

        time = ticks - offset;
        return true;
    }

    private static void WriteProcess(ReadOnlySpan<byte> process, RecordWriter record)
    {
        var digits = new ByteCursor(process);
        if (digits.TryTakeNumber(out var number) && digits.IsAtEnd)
        {
            record.AddAttribute("process.pid"u8, number);
        }
        else if (!process.IsEmpty)
        {
            record.AddAttribute("syslog.procid"u8, process);
        }
    }

    private static ReadOnlySpan<byte> NoDash(ReadOnlySpan<byte> word) => word.SequenceEqual("-"u8) ? default : word;
}
