using Microsoft.Data.Sqlite;

namespace Bitacora.Storage.Embedded.State;

/// <summary>
/// The SQLite file and its one connection, which one caller at a time uses. Values are small and calls are rare: SQLite's calls block
/// a pool thread for well under a millisecond.
/// </summary>
internal sealed class StateDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _one = new(1);

    private StateDatabase(SqliteConnection connection) => _connection = connection;

    public static StateDatabase Open(string path)
    {
        // Without pooling, disposing closes the file: a directory can be moved or deleted then.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(
                connection,
                "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID");
            Execute(
                connection,
                "CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID");
            return new StateDatabase(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> action, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return action(_connection);
        }
        finally
        {
            _one.Release();
        }
    }

    public static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static IReadOnlyList<StateEntry> ReadEntries(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var entries = new List<StateEntry>();
        while (reader.Read())
        {
            entries.Add(new StateEntry(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)));
        }

        return entries;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _one.Dispose();
    }

    private static SqliteCommand Command(
        SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        // Every statement is a constant of this project; values travel as parameters.
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
