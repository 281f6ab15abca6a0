using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>
/// What certain programs say in fixed sentences. Much of it comes from whoever knocks at the door, so a sentence is read only if all of it
/// is as the program writes it.
/// </summary>
internal static class ProgramDetails
{
    public static void Write(ReadOnlySpan<byte> program, ReadOnlySpan<byte> part, ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (part.SequenceEqual("pam_unix"u8))
        {
            PamDetails.Write(text, record);
        }
        else if (text.StartsWith("pam_unix("u8))
        {
            var end = text.IndexOf("): "u8);
            PamDetails.Write(end < 0 ? default : text[(end + 3)..], record);
        }
        else if (IsSshd(program))
        {
            SshdDetails.Write(text, record);
        }
        else if (program.SequenceEqual("sudo"u8))
        {
            SudoDetails.Write(text, record);
        }
        else if (IsCron(program))
        {
            CronDetails.Write(text, record);
        }
    }

    /// <summary>Since version 9.8 of OpenSSH a connection has a program of its own.</summary>
    public static bool IsSshd(ReadOnlySpan<byte> program) =>
        program.StartsWith("sshd"u8)
        && (program.Length == 4 || program.SequenceEqual("sshd-session"u8) || program.SequenceEqual("sshd-auth"u8));

    private static bool IsCron(ReadOnlySpan<byte> program) =>
        program.SequenceEqual("CRON"u8) || program.SequenceEqual("cron"u8) || program.SequenceEqual("crond"u8)
        || program.SequenceEqual("CROND"u8);
}
