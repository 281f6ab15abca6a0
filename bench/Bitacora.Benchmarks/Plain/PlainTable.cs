using System.Globalization;
using DuckDB.NET.Data;

namespace Bitacora.Benchmarks.Plain;

/// <summary>What we compare with: one DuckDB table in time order, zstd on the long texts, no index.</summary>
internal sealed class PlainTable : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public PlainTable(string file)
    {
        _connection.Open();

        // DuckDB's default of 50 makes a page of 100 read all columns of all rows; the comparison is with a table set well.
        Execute("SET late_materialization_max_rows = 100000");
        Execute($"ATTACH '{file}' AS plain (STORAGE_VERSION 'latest')");
        Execute("USE plain");
        Execute(
            """
            CREATE TABLE IF NOT EXISTS logs (
                time TIMESTAMP, level VARCHAR, source VARCHAR, logger VARCHAR, host VARCHAR, request_id VARCHAR, duration_ms DOUBLE,
                message VARCHAR USING COMPRESSION zstd, traceback VARCHAR USING COMPRESSION zstd)
            """);
    }

    public PlainAppender Appender() => new(_connection);

    public void Checkpoint() => Execute("CHECKPOINT plain");

    public void LoadAgain() => Execute("INSERT INTO logs SELECT * FROM logs ORDER BY time");

    public long NewestRows(string where) =>
        ReadRows($"SELECT * FROM logs {(where.Length == 0 ? "" : $"WHERE {where}")} ORDER BY time DESC LIMIT 100");

    public long Count(string needle) => Convert.ToInt64(
        Scalar($"SELECT count(*) FROM logs WHERE contains(lower(message), '{needle}') OR contains(lower(traceback), '{needle}')"),
        CultureInfo.InvariantCulture);

    public static string Timestamp(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}'");

    public void Dispose() => _connection.Dispose();

    /// <summary>Reads every value, as a caller would who shows the rows.</summary>
    private long ReadRows(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new object[reader.FieldCount];
        var rows = 0L;
        while (reader.Read())
        {
            reader.GetValues(values);
            rows++;
        }

        return rows;
    }

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
