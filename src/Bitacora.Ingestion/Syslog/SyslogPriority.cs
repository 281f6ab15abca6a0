using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>Facility and severity in one number, <c>&lt;13&gt;</c>, as both forms of syslog begin with.</summary>
internal static class SyslogPriority
{
    /// <summary>No program's: facility 23 and severity 7 are the last.</summary>
    private const int Most = 191;

    private static readonly byte[][] Facilities =
    [
        "kern"u8.ToArray(), "user"u8.ToArray(), "mail"u8.ToArray(), "daemon"u8.ToArray(), "auth"u8.ToArray(), "syslog"u8.ToArray(),
        "lpr"u8.ToArray(), "news"u8.ToArray(), "uucp"u8.ToArray(), "cron"u8.ToArray(), "authpriv"u8.ToArray(), "ftp"u8.ToArray(),
        "ntp"u8.ToArray(), "audit"u8.ToArray(), "alert"u8.ToArray(), "clock"u8.ToArray(), "local0"u8.ToArray(), "local1"u8.ToArray(),
        "local2"u8.ToArray(), "local3"u8.ToArray(), "local4"u8.ToArray(), "local5"u8.ToArray(), "local6"u8.ToArray(),
        "local7"u8.ToArray(),
    ];

    public static bool TryTake(ref ByteCursor text, out int priority)
    {
        var start = text.At;
        if (text.TryTake((byte)'<') && text.TryTakeDigits(1, 3, out priority) && priority <= Most && text.TryTake((byte)'>'))
        {
            return true;
        }

        (text.At, priority) = (start, 0);
        return false;
    }

    public static void Write(int priority, RecordWriter record)
    {
        var severity = priority & 7;
        record.Level = Levels.FromSyslog(severity);
        record.AddAttribute("syslog.facility"u8, Facilities[priority >> 3]);
        switch (severity)
        {
            case 0:
                record.AddAttribute(ReservedAttributes.LevelText, "emerg"u8);
                break;
            case 1:
                record.AddAttribute(ReservedAttributes.LevelText, "alert"u8);
                break;
            case 5:
                record.AddAttribute(ReservedAttributes.LevelText, "notice"u8);
                break;
        }
    }
}
