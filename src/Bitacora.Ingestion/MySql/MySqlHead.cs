using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.MySql;

/// <summary>What stands before the text of a record of MySQL 5.7 or 8.</summary>
internal ref struct MySqlHead
{
    /// <summary>Unix ticks; not there where <see cref="IsDateless"/>.</summary>
    public long Time { get; private set; }

    /// <summary>A crash of MySQL 5.7, which says the time of day alone.</summary>
    public bool IsDateless { get; private set; }

    /// <summary>The server crashed, or a script speaks: there is no thread and no label.</summary>
    public bool IsCrash { get; private set; }

    public bool IsScript { get; private set; }

    public long Thread { get; private set; }

    public ReadOnlySpan<byte> Label { get; private set; }

    /// <summary><c>MY-010068</c>; empty before MySQL 8.</summary>
    public ReadOnlySpan<byte> Code { get; private set; }

    /// <summary><c>Server</c>; empty before MySQL 8.</summary>
    public ReadOnlySpan<byte> Subsystem { get; private set; }

    /// <summary>Takes all up to the text.</summary>
    public static bool TryTake(ref ByteCursor line, out MySqlHead head)
    {
        head = default;
        if (!TimeCursor.TryTakeDateTime(ref line, out var local))
        {
            // The text begins with the time of day: it is all there is of it.
            head.IsDateless = head.IsCrash = TimeCursor.TryTakeTime(ref line, out _) && line.TryTake(" UTC - "u8)
                && ErrorLogText.IsCrash(line.Rest);
            line.At = 0;
            return head.IsDateless;
        }

        if (line.Between(10, 11)[0] != 'T' || line.Next is not ((byte)'Z' or (byte)'+' or (byte)'-')
            || !TimeCursor.TryTakeOffset(ref line, out var offset) || !line.TryTake((byte)' '))
        {
            return false;
        }

        head.Time = local - offset;
        if (line.TryTake("UTC - "u8))
        {
            head.IsCrash = true;
            return ErrorLogText.IsCrash(line.Rest);
        }

        if (line.TryTake(ErrorLogText.Script))
        {
            head.IsScript = true;
            return line.TryTake((byte)' ');
        }

        if (!line.TryTakeNumber(out var thread) || !line.TryTake((byte)' ') || !ErrorLogText.TryTakeLabel(ref line, out var label))
        {
            return false;
        }

        head.Thread = thread;
        head.Label = label;
        var start = line.At;
        if (line.TryTakeBracketed(out var code) && code.StartsWith("MY-"u8) && line.TryTake((byte)' ')
            && line.TryTakeBracketed(out var subsystem))
        {
            line.TryTake((byte)' ');
            head.Code = code;
            head.Subsystem = subsystem;
        }
        else
        {
            line.At = start;
        }

        return true;
    }
}
