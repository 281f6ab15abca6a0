using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.MySql;

/// <summary>MySQL's error log. Lines without a time, such as those of a crash, go on with the record before.</summary>
internal sealed class MySqlDecoder : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "mysql",
        "error log of MySQL 5.7 and 8",
        "2026-11-23T06:44:01.835618Z 0 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.",
        static _ => new MySqlDecoder());

    public ReadOnlySpan<byte> Program => "mysql"u8;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        var cursor = new ByteCursor(line);
        return MySqlHead.TryTake(ref cursor, out _) ? LineRole.Start : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Source, Program);
        var cursor = new ByteCursor(text);
        if (!MySqlHead.TryTake(ref cursor, out var head))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        if (!head.IsDateless)
        {
            record.SetTime(head.Time);
        }

        if (head.IsCrash)
        {
            record.Level = Level.Critical;
        }
        else if (head.IsScript)
        {
            record.SetText(NamedField.Logger, ErrorLogText.Script);
        }
        else
        {
            record.AddAttribute("thread.id"u8, head.Thread);
            ErrorLogText.WriteLabel(head.Label, record);
        }

        if (!head.Code.IsEmpty)
        {
            record.AddAttribute("mysql.error_code"u8, head.Code);
            record.SetText(NamedField.Logger, head.Subsystem);
        }
        else if (cursor.StartsWith("InnoDB: "u8))
        {
            record.SetText(NamedField.Logger, "InnoDB"u8);
        }

        TracebackText.Write(cursor.Rest, record);
        return LineOutcome.Accepted;
    }
}
