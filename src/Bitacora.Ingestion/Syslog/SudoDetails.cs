using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>
/// <c>alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id</c>, with a reason before TTY where sudo refused.
/// </summary>
internal static class SudoDetails
{
    public static void Write(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (!TryTake(ref text, " : "u8, out var user) || user.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> reason = default;
        if (!text.StartsWith("TTY="u8) && (!TryTake(ref text, " ; TTY="u8, out reason) || reason.IsEmpty))
        {
            return;
        }

        text = reason.IsEmpty ? text[4..] : text;

        // Between these sudo may write more: GROUP, ENV. The command is the last and may hold anything.
        if (!TryTake(ref text, " ; PWD="u8, out var terminal) || !TryTake(ref text, " ; USER="u8, out var folder)
            || !TryTake(ref text, " ; COMMAND="u8, out var target))
        {
            return;
        }

        var more = target.IndexOf(" ; "u8);
        record.AddIfAny("user.name"u8, user);
        record.AddIfAny("sudo.reason"u8, reason);
        record.AddIfAny("sudo.tty"u8, terminal);
        record.AddIfAny("process.working_directory"u8, folder);
        record.AddIfAny("sudo.user"u8, more < 0 ? target : target[..more]);
        record.AddIfAny("process.command_line"u8, text);
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> end, out ReadOnlySpan<byte> before)
    {
        var at = text.IndexOf(end);
        before = at < 0 ? default : text[..at];
        text = at < 0 ? text : text[(at + end.Length)..];
        return at >= 0;
    }
}
