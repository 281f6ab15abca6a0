using System.Text;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.MySql;

/// <summary>What the error logs of MySQL and of MariaDB have in common: labels, subsystems, crashes.</summary>
internal static class ErrorLogText
{
    /// <summary>The name under which records of the script that starts and watches the server are found.</summary>
    public static ReadOnlySpan<byte> Script => "mysqld_safe"u8;

    /// <summary>Takes <c>[Note]</c> and a blank, and gives the label.</summary>
    public static bool TryTakeLabel(ref ByteCursor line, out ReadOnlySpan<byte> label)
    {
        var start = line.At;
        if (line.TryTakeBracketed(out label) && IsLabel(label) && line.TryTake((byte)' '))
        {
            return true;
        }

        line.At = start;
        return false;
    }

    public static void WriteLabel(ReadOnlySpan<byte> label, RecordWriter record)
    {
        if (Ascii.EqualsIgnoreCase(label, "Error"u8))
        {
            record.Level = Level.Error;
        }
        else if (Ascii.EqualsIgnoreCase(label, "Warning"u8))
        {
            record.Level = Level.Warning;
        }
        else if (!Ascii.EqualsIgnoreCase(label, "Note"u8))
        {
            record.AddAttribute(ReservedAttributes.LevelText, label);
        }
    }

    /// <summary><c>mysqld got signal 11 ;</c>, by whatever name the server was started.</summary>
    public static bool IsCrash(ReadOnlySpan<byte> text)
    {
        var word = text.IndexOf((byte)' ');
        return word > 0 && (text[(word + 1)..].StartsWith("got signal "u8) || text[(word + 1)..].StartsWith("got exception "u8));
    }

    /// <summary>The subsystem of <c>InnoDB: text</c>, if it is one of these.</summary>
    public static bool TrySubsystem(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> subsystem)
    {
        var colon = text[..Math.Min(text.Length, 8)].IndexOf((byte)':');
        subsystem = colon < 0 ? default : text[..colon];
        return colon > 0 && text.Length > colon + 1 && text[colon + 1] == ' '
            && (subsystem.SequenceEqual("InnoDB"u8) || subsystem.SequenceEqual("Aria"u8) || subsystem.SequenceEqual("WSREP"u8)
                || subsystem.SequenceEqual("mysqld"u8));
    }

    private static bool IsLabel(ReadOnlySpan<byte> word) =>
        Ascii.EqualsIgnoreCase(word, "Note"u8) || Ascii.EqualsIgnoreCase(word, "Warning"u8) || Ascii.EqualsIgnoreCase(word, "Error"u8)
        || Ascii.EqualsIgnoreCase(word, "System"u8);
}
