using System.Buffers;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>What makes a line one of syslog's, without reading all of it.</summary>
internal static class SyslogShape
{
    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:%"u8);

    /// <summary>
    /// <c>Nov 23 06:44:13 …</c>, which nobody else writes; or a time of RFC 3339, which many do, so that a host and a marked tag must
    /// follow.
    /// </summary>
    public static bool Fits(ReadOnlySpan<byte> line)
    {
        var text = new ByteCursor(line);
        SyslogPriority.TryTake(ref text, out _);
        if (TimeCursor.TryShapeOfSyslogTime(text.Rest, out _, out _))
        {
            text.At += 7;
            return TimeCursor.TryTakeTime(ref text, out _) && text.TryTake((byte)' ') && !text.IsAtEnd;
        }

        return TryTakeRfc3339(ref text) && text.TryTake((byte)' ') && HasTag(text.Rest);
    }

    /// <summary>No syslog daemon writes more than six digits of a second, and none leaves the offset out.</summary>
    private static bool TryTakeRfc3339(ref ByteCursor text)
    {
        var start = text.At;
        return text.Peek(4) == '-' && text.Peek(10) == 'T' && TimeCursor.TryTakeDateTime(ref text, out _)
            && text.At - start <= "2026-11-23T06:44:13.890745".Length
            && text.Next is (byte)'Z' or (byte)'+' or (byte)'-' && TimeCursor.TryTakeOffset(ref text, out _);
    }

    /// <summary>Whether there is a host and a tag, or a tag with a process alone: <c>web1 sshd[7]: …</c>, <c>sshd[7]: …</c>.</summary>
    private static bool HasTag(ReadOnlySpan<byte> rest)
    {
        var text = new ByteCursor(rest);
        if (IsTag(ref text, mustHaveProcess: true))
        {
            return true;
        }

        text.At = 0;
        var host = text.TakeUntil((byte)' ');
        return !host.IsEmpty && host[^1] != ':' && !host.ContainsAnyExcept(HostBytes) && !Levels.TryParseSenders(host, out _)
            && text.TryTake((byte)' ') && IsTag(ref text, mustHaveProcess: false);
    }

    private static bool IsTag(ref ByteCursor text, bool mustHaveProcess) =>
        SyslogTag.TryTake(ref text, out var tag) && (char.IsAsciiLetter((char)tag.Name[0]) || tag.Name[0] is (byte)'/' or (byte)'(')
        && (mustHaveProcess ? tag.HasColon && !tag.ProcessId.IsEmpty : tag.HasColon || !tag.ProcessId.IsEmpty)
        && (text.IsAtEnd || text.Next == ' ');
}
