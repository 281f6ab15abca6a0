using Bitacora.Ingestion.Access;
using Bitacora.Ingestion.Apache;
using Bitacora.Ingestion.Clef;
using Bitacora.Ingestion.Django;
using Bitacora.Ingestion.DotNetConsole;
using Bitacora.Ingestion.Go;
using Bitacora.Ingestion.Gunicorn;
using Bitacora.Ingestion.Journal;
using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Log4j;
using Bitacora.Ingestion.Logfmt;
using Bitacora.Ingestion.MySql;
using Bitacora.Ingestion.Nginx;
using Bitacora.Ingestion.OpenStack;
using Bitacora.Ingestion.Plain;
using Bitacora.Ingestion.PostgreSql;
using Bitacora.Ingestion.Python;
using Bitacora.Ingestion.Syslog;

namespace Bitacora.Ingestion;

/// <summary>Every log format that can be read. Adding one is adding its folder and its line here.</summary>
public static class LogFormats
{
    /// <summary>Lines of no known format.</summary>
    public static LogFormat Plain { get; } = PlainDecoder.Format;

    /// <summary>All formats, in the order in which they are listed.</summary>
    public static IReadOnlyList<LogFormat> All { get; } =
    [
        JsonFormat.Format,
        ClefFormat.Format,
        LogfmtDecoder.Format,
        PythonDecoder.Format,
        DjangoServerDecoder.Format,
        GunicornDecoder.Format,
        Log4jDecoder.Format,
        GoDecoder.Format,
        DotNetSimpleDecoder.Format,
        DotNetSystemdDecoder.Format,
        SyslogDecoder.Format,
        Syslog5424Decoder.Format,
        JournalExportDecoder.Format,
        AccessDecoder.Format,
        NginxErrorDecoder.Format,
        ApacheErrorDecoder.Format,
        PostgreSqlDecoder.Format,
        CsvLogDecoder.Format,
        JsonLogDecoder.Format,
        MySqlDecoder.Format,
        MariaDbDecoder.Format,
        OpenStackDecoder.Format,
        Plain,
    ];

    /// <summary>The most specific first.</summary>
    internal static LogFormat[] BySpecificity { get; } = [.. All.OrderByDescending(format => format.Specificity)];

    /// <summary>The format of an id; null if there is none.</summary>
    public static LogFormat? Find(string id) => All.FirstOrDefault(format => format.Id == id);
}
