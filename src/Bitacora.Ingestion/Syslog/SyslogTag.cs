using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>Who wrote a line: <c>sshd[12]:</c>, <c>postfix/smtpd[9]:</c>, <c>sshd(pam_unix)[7]:</c>, <c>kernel:</c>, <c>app</c>.</summary>
internal ref struct SyslogTag
{
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>What stands in brackets behind the name.</summary>
    public ReadOnlySpan<byte> ProcessId { get; private set; }

    /// <summary>Whether a colon ends it, so that it is a tag and not just a word.</summary>
    public bool HasColon { get; private set; }

    public readonly bool IsEmpty => Name.IsEmpty;

    public static bool TryTake(scoped ref ByteCursor text, out SyslogTag tag)
    {
        tag = default;
        var rest = text.Rest;
        var length = EndOfName(rest);
        if (length == 0)
        {
            return false;
        }

        tag.Name = rest[..length];
        text.At += length;
        if (text.Next == '[')
        {
            var close = text.Rest.IndexOfAny((byte)']', (byte)' ');
            if (close > 1 && text.Rest[close] == ']')
            {
                tag.ProcessId = text.Rest[1..close];
                text.At += close + 1;
            }
            else
            {
                // A bracket that is not one of a process: a part of the word.
                tag.Name = rest[..(length + text.TakeUntil((byte)' ').Length)];
            }
        }

        tag.HasColon = text.TryTake((byte)':');
        return true;
    }

    /// <summary>Writes source, logger and process.</summary>
    public readonly void Write(ReadOnlySpan<byte> program, ReadOnlySpan<byte> part, RecordWriter record)
    {
        record.SetText(NamedField.Source, program);
        record.SetText(NamedField.Logger, part);
        if (ProcessId.IsEmpty)
        {
            return;
        }

        var digits = new ByteCursor(ProcessId);
        if (digits.TryTakeNumber(out var number) && digits.IsAtEnd)
        {
            record.AddAttribute("process.pid"u8, number);
        }
        else
        {
            record.AddAttribute("syslog.procid"u8, ProcessId);
        }
    }

    /// <summary>
    /// The program, and its part: <c>postfix</c> and <c>smtpd</c>, <c>sshd</c> and <c>pam_unix</c>. A path is one program.
    /// </summary>
    public readonly void Split(out ReadOnlySpan<byte> program, out ReadOnlySpan<byte> part)
    {
        program = Name;
        part = default;
        if (IsEmpty || Name[0] == '/')
        {
            return;
        }

        var bracket = Name[^1] == ')' ? Name.IndexOf((byte)'(') : -1;
        var slash = Name.IndexOf((byte)'/');
        if (bracket > 0)
        {
            program = Name[..bracket];
            part = Name[(bracket + 1)..^1];
        }
        else if (slash > 0)
        {
            program = Name[..slash];
            part = Name[(slash + 1)..];
        }
    }

    /// <summary>Up to a blank, a bracket, or a colon; two colons are a part of a name.</summary>
    private static int EndOfName(ReadOnlySpan<byte> rest)
    {
        for (var from = 0; ;)
        {
            var step = rest[from..].IndexOfAny((byte)' ', (byte)':', (byte)'[');
            if (step < 0)
            {
                return rest.Length;
            }

            from += step;
            if (rest[from] != ':' || from + 1 >= rest.Length || rest[from + 1] != ':')
            {
                return from;
            }

            from += 2;
        }
    }
}
