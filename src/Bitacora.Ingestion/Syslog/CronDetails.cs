using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary><c>(root) CMD (command)</c>.</summary>
internal static class CronDetails
{
    public static void Write(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var middle = text.IndexOf(") CMD ("u8);
        if (middle > 1 && text.Length > middle + 7 && text[0] == '(' && text[^1] == ')')
        {
            record.AddAttribute("user.name"u8, text[1..middle]);
            record.AddIfAny("process.command_line"u8, text[(middle + 7)..^1]);
        }
    }
}
