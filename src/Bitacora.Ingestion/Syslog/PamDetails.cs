using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>Texts of <c>pam_unix</c> in whatever program: failures of authentication, sessions that open and close.</summary>
internal static class PamDetails
{
    public static void Write(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (text.StartsWith("authentication failure; "u8))
        {
            WriteFailure(text, record);
        }
        else if (text.StartsWith("session opened for user "u8))
        {
            WriteUser(text[24..], record);
        }
        else if (text.StartsWith("session closed for user "u8))
        {
            WriteUser(text[24..], record);
        }
    }

    /// <summary>
    /// <c>… ruser=R rhost=A  user=U</c>. The last are PAM's own words: a user is named only if there is one, and has no blanks then, but
    /// the remote user may have been chosen to look like more.
    /// </summary>
    public static void WriteFailure(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var at = text.LastIndexOf(" rhost="u8);
        if (at < 0)
        {
            return;
        }

        var rest = text[(at + 7)..];
        var blank = rest.IndexOf((byte)' ');
        var host = blank < 0 ? rest : rest[..blank];
        record.AddIfAny("client.address"u8, host);
        rest = rest[host.Length..].TrimStart((byte)' ');
        record.AddIfAny("user.name"u8, rest.StartsWith("user="u8) ? rest[5..] : default);
    }

    /// <summary><c>alice(uid=1000) by (uid=0)</c>, <c>alice by (uid=0)</c>, <c>alice</c>.</summary>
    private static void WriteUser(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var end = text.IndexOfAny((byte)'(', (byte)' ');
        record.AddIfAny("user.name"u8, end < 0 ? text : text[..end]);
    }
}
