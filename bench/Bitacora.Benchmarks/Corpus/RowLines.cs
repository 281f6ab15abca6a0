using System.Globalization;

namespace Bitacora.Benchmarks.Corpus;

/// <summary>The corpus in the log formats that files have: a row is a record, in the order of the rows, each with its own time.</summary>
internal static class RowLines
{
    /// <summary>What renders rows, by the name of the format.</summary>
    public static IReadOnlyDictionary<string, Action<CorpusRow, TextBuffer>> All { get; } =
        new Dictionary<string, Action<CorpusRow, TextBuffer>>
        {
            ["access"] = Access,
            ["syslog"] = Syslog,
            ["python"] = Python,
            ["logfmt"] = Logfmt,
            ["postgresql"] = PostgreSql,
        };

    private static void Access(CorpusRow row, TextBuffer line)
    {
        line.Append("203.0.113.7 - - ["u8);
        AppendTime(row, "dd'/'MMM'/'yyyy':'HH':'mm':'ss' +0000'", line);
        line.Append("] \"GET /"u8);
        line.Append(row.Source.Span);
        line.Append("/"u8);
        line.Append(row.Logger.Span);
        line.Append("?request="u8);
        line.Append(row.RequestId.Span);
        line.Append(" HTTP/1.1\" "u8);
        line.Append(row.Level.Span.SequenceEqual("ERROR"u8) ? 500 : row.Level.Span.SequenceEqual("WARNING"u8) ? 404 : 200);
        line.Append(" "u8);
        line.Append(100 + row.Message.Length);
        line.Append(" \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0\"\n"u8);
    }

    private static void Syslog(CorpusRow row, TextBuffer line)
    {
        AppendTime(row, "yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00 '", line);
        line.Append(row.Host.Span);
        line.Append(" "u8);
        line.Append(row.Source.Span);
        line.Append("["u8);
        line.Append(1_000 + row.Logger.Length);
        line.Append("]: "u8);
        line.Append(row.Message.Span);
        line.Append("\n"u8);
    }

    private static void Python(CorpusRow row, TextBuffer line)
    {
        AppendTime(row, "yyyy-MM-dd HH:mm:ss','fff' '", line);
        line.Append(row.Level.Span);
        line.Append(" "u8);
        line.Append(row.Logger.Span);
        line.Append(": "u8);
        line.Append(row.Message.Span);
        line.Append("\n"u8);
        if (row.Traceback.Length > 0)
        {
            line.Append(row.Traceback.Span);
            line.Append(row.Traceback.Span[^1] == '\n' ? ""u8 : "\n"u8);
        }
    }

    private static void Logfmt(CorpusRow row, TextBuffer line)
    {
        AppendTime(row, "'time='yyyy-MM-dd'T'HH:mm:ss.ffffff'Z level='", line);
        line.Append(row.Level.Span);
        line.Append(" source="u8);
        line.Append(row.Source.Span);
        line.Append(" logger="u8);
        line.Append(row.Logger.Span);
        line.Append(" request_id="u8);
        line.Append(row.RequestId.Span);
        line.Append(" msg=\""u8);
        line.Append(row.Message.Span);
        line.Append("\"\n"u8);
    }

    private static void PostgreSql(CorpusRow row, TextBuffer line)
    {
        var isError = row.Level.Span.SequenceEqual("ERROR"u8);
        AppendPrefix();
        line.Append(isError ? "ERROR:  "u8 : "LOG:  "u8);
        line.Append(row.Message.Span);
        line.Append("\n"u8);
        if (isError)
        {
            AppendPrefix();
            line.Append("STATEMENT:  update shop_stock set pieces = pieces - 1\n\t  where product_id = "u8);
            line.Append(row.Message.Length);
            line.Append("\n"u8);
        }

        void AppendPrefix()
        {
            AppendTime(row, "yyyy-MM-dd HH:mm:ss.fff' UTC ['", line);
            line.Append(1_000 + row.Host.Length);
            line.Append("] shop@shop "u8);
        }
    }

    private static void AppendTime(CorpusRow row, string format, TextBuffer line)
    {
        DateTime.UnixEpoch.AddTicks(row.Time).TryFormat(
            line.Reserve(64), out var written, format, CultureInfo.InvariantCulture);
        line.Advance(written);
    }
}
