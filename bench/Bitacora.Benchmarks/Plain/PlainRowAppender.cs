using System.Text;
using Bitacora.Benchmarks.Corpus;
using DuckDB.NET.Data;

namespace Bitacora.Benchmarks.Plain;

/// <summary>
/// Appends row by row through the library's own appender, as its documentation has it: what a program pays that does not write DuckDB's
/// vectors by itself. Committed as often as <see cref="PlainAppender"/>.
/// </summary>
internal sealed class PlainRowAppender(DuckDBConnection connection) : IDisposable
{
    private const int CommitRows = 122_880;

    private DuckDBAppender _appender = Open(connection);
    private int _uncommitted;

    public void Append(CorpusRow row)
    {
        var target = _appender.CreateRow().AppendValue(DateTimeOffset.UnixEpoch.AddTicks(row.Time).UtcDateTime);
        Text(target, row.Level);
        Text(target, row.Source);
        Text(target, row.Logger);
        Text(target, row.Host);
        Text(target, row.RequestId);
        target.AppendValue(double.IsNaN(row.DurationMs) ? null : row.DurationMs);
        Text(target, row.Message);
        Text(target, row.Traceback);
        target.EndRow();
        if (++_uncommitted == CommitRows)
        {
            _appender.Dispose();
            _appender = Open(connection);
            _uncommitted = 0;
        }
    }

    /// <summary>Commits what is still open.</summary>
    public void Dispose() => _appender.Dispose();

    private static DuckDBAppender Open(DuckDBConnection connection) => connection.CreateAppender("plain", "main", "logs");

    private static void Text(IDuckDBAppenderRow row, TextBuffer text)
    {
        if (text.Length == 0)
        {
            row.AppendNullValue();
        }
        else
        {
            row.AppendValue(Encoding.UTF8.GetString(text.Span));
        }
    }
}
