using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.MySql;

/// <summary>
/// MariaDB's error log, also that of versions before 10.1 and of MySQL 5.6, whose times have no zone either. Lines without a time, such as
/// those of a crash, go on with the record before.
/// </summary>
internal sealed class MariaDbDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "mariadb",
        "error log of MariaDB, and of MySQL before 5.7",
        "2026-11-23  6:44:01 0 [Note] InnoDB: Completed initialization of buffer pool",
        static context => new MariaDbDecoder(context));

    public ReadOnlySpan<byte> Program => "mariadb"u8;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        var cursor = new ByteCursor(line);
        return TryTakeHead(ref cursor, out _, out _, out _) ? LineRole.Start : LineRole.Text;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Source, Program);
        var cursor = new ByteCursor(text);
        if (!TryTakeHead(ref cursor, out var local, out var thread, out var label))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(context.FromLocal(local));
        if (thread is { } id)
        {
            record.AddAttribute("thread.id"u8, id);
        }

        if (label.IsEmpty)
        {
            record.SetText(NamedField.Logger, ErrorLogText.Script);
        }
        else if (ErrorLogText.IsCrash(cursor.Rest))
        {
            record.Level = Level.Critical;
        }
        else
        {
            ErrorLogText.WriteLabel(label, record);
            if (ErrorLogText.TrySubsystem(cursor.Rest, out var subsystem))
            {
                record.SetText(NamedField.Logger, subsystem);
            }
        }

        TracebackText.Write(cursor.Rest, record);
        return LineOutcome.Accepted;
    }

    /// <summary>Takes all up to the text. There is no thread before 10.1 and in crashes, and no label where a script speaks.</summary>
    private static bool TryTakeHead(ref ByteCursor line, out long local, out long? thread, out ReadOnlySpan<byte> label)
    {
        thread = null;
        label = default;
        if (line.Peek(6) == ' ')
        {
            if (!TryTakeShortDateTime(ref line, out local) || !line.TryTake((byte)' '))
            {
                return false;
            }
        }
        else
        {
            if (line.Peek(10) != ' ' || line.Peek(4) != '-' || !TimeCursor.TryTakeDateTime(ref line, out local)
                || !line.TryTake((byte)' '))
            {
                local = 0;
                return false;
            }

            if (line.TryTakeNumber(out var id))
            {
                thread = id;
                return line.TryTake((byte)' ') && ErrorLogText.TryTakeLabel(ref line, out label);
            }
        }

        return ErrorLogText.TryTakeLabel(ref line, out label) || (line.TryTake(ErrorLogText.Script) && line.TryTake((byte)' '));
    }

    /// <summary><c>261123 16:44:05</c>.</summary>
    private static bool TryTakeShortDateTime(ref ByteCursor line, out long local)
    {
        local = 0;
        if (!line.TryTakeDigits(6, 6, out var date) || !line.TryTake((byte)' ')
            || !TimeCursor.TryDay(2000 + (date / 10_000), date / 100 % 100, date % 100, out local)
            || !TimeCursor.TryTakeTime(ref line, out var time))
        {
            return false;
        }

        local += time;
        return true;
    }
}
