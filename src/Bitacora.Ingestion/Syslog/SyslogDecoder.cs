using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>
/// RFC 3164, as daemons really write it to files, also with the times of RFC 3339 that Debian has in them since version 12.
/// </summary>
internal sealed class SyslogDecoder(FormatContext context) : IFormatDecoder
{
    public static LogFormat Format { get; } = new(
        "syslog",
        "syslog files, with times of RFC 3164 or RFC 3339; details of sshd, sudo, cron and PAM",
        "May  1 12:30:05 web1 sshd[1234]: Failed password for invalid user admin from 203.0.113.7 port 51234 ssh2",
        static context => new SyslogDecoder(context))
    {
        IsSingleLine = true,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return SyslogShape.Fits(line) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (!SyslogHead.TryTake(line, context, out var head))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        record.SetTime(head.Time);
        record.Layer = Layer.Infrastructure;
        record.SetText(NamedField.Host, head.Host);
        record.SetText(NamedField.Message, head.Text);
        if (head.Priority >= 0)
        {
            SyslogPriority.Write(head.Priority, record);
        }

        head.Tag.Split(out var program, out var part);
        head.Tag.Write(program, part, record);
        if (ProgramDetails.IsSshd(program) && head.Priority < 0)
        {
            record.Level = head.Text.StartsWith("error: "u8) ? Level.Error
                : head.Text.StartsWith("fatal: "u8) ? Level.Critical
                : Level.Info;
        }

        ProgramDetails.Write(program, part, head.Text, record);
        return LineOutcome.Accepted;
    }
}
