using System.Globalization;
using Bitacora.Delivery;
using Bitacora.Records;
using Microsoft.Data.Sqlite;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// What must outlive the process beside the write-ahead log: which of its batches were written together and with which timestamp, so that
/// a replay writes the same manifests; and which positions the cluster has. Durable when a call returns. Safe from any thread.
/// </summary>
internal sealed class GroupJournal : IDisposable
{
    private const string FileName = "groups.db";
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS groups (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, timestamp INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS positions (
            sender INTEGER NOT NULL, origin BLOB NOT NULL, first INTEGER NOT NULL, behind INTEGER NOT NULL, last_seen INTEGER NOT NULL,
            PRIMARY KEY (sender, origin, first)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS positions_by_end ON positions (sender, origin, behind);
        CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    // Guards the connection.
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;

    private GroupJournal(SqliteConnection connection)
    {
        _connection = connection;
        DurableThrough = ulong.Parse(Mark("durable_through") ?? "0", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The last batch of which the cluster may have anything, as of now: what came under the number of one that is known here would be
    /// taken for its replay.
    /// </summary>
    public ulong UsedThrough
    {
        get
        {
            using var hold = _gate.EnterScope();
            using var command = Command(_connection, "SELECT coalesce(max(last), 0) FROM groups");
            return Math.Max((ulong)(long)command.ExecuteScalar()!, DurableThrough);
        }
    }

    /// <summary>The batch through which the cluster has everything for good.</summary>
    public ulong DurableThrough { get; private set; }

    /// <exception cref="IOException">The file cannot be opened, or is no database.</exception>
    public static GroupJournal Open(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " + Tables);
            return new GroupJournal(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new IOException($"{path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Remembers a group before its first byte is sent.</summary>
    public void Add(RecordGroup group)
    {
        lock (_gate)
        {
            Execute(
                _connection,
                "INSERT INTO groups (first, last, timestamp) VALUES ($first, $last, $timestamp)",
                ("$first", (long)group.First), ("$last", (long)group.Last), ("$timestamp", group.Timestamp));
        }
    }

    /// <summary>The groups that were not settled when the process ended, by their first batch.</summary>
    public IReadOnlyList<(ulong First, ulong Last, long Timestamp)> Unsettled()
    {
        using var hold = _gate.EnterScope();
        using var command = Command(_connection, "SELECT first, last, timestamp FROM groups ORDER BY first");
        using var reader = command.ExecuteReader();
        var groups = new List<(ulong, ulong, long)>();
        while (reader.Read())
        {
            groups.Add(((ulong)reader.GetInt64(0), (ulong)reader.GetInt64(1), reader.GetInt64(2)));
        }

        return groups;
    }

    /// <summary>The cluster has these groups for good: the log may let them go, their positions stay known.</summary>
    public void Settle(IReadOnlyList<SettledGroup> groups, long now)
    {
        using var hold = _gate.EnterScope();
        using var transaction = _connection.BeginTransaction();
        foreach (var group in groups)
        {
            foreach (var (sender, origin) in group.Positions)
            {
                AddPositions(sender, origin, now);
            }

            Execute(_connection, "DELETE FROM groups WHERE first = $first", ("$first", (long)group.First));
        }

        var through = groups[^1].Last;
        Remember("durable_through", through.ToString(CultureInfo.InvariantCulture));
        transaction.Commit();
        DurableThrough = through;
    }

    /// <summary>The positions that the cluster has, of origins seen since a time; older ones are forgotten.</summary>
    public IReadOnlyList<OriginPositions> Positions(long since)
    {
        using var hold = _gate.EnterScope();
        Execute(_connection, "DELETE FROM positions WHERE last_seen < $since", ("$since", since));
        using var command = Command(
            _connection, "SELECT sender, origin, first, behind, last_seen FROM positions ORDER BY sender, origin, first");
        using var reader = command.ExecuteReader();
        var positions = new List<OriginPositions>();
        while (reader.Read())
        {
            var sender = new SenderId(unchecked((ulong)reader.GetInt64(0)));
            var origin = Origin.Read(reader.GetFieldValue<byte[]>(1));
            var range = new PositionRange(unchecked((ulong)reader.GetInt64(2)), unchecked((ulong)reader.GetInt64(3)));
            var seen = reader.GetInt64(4);
            if (positions.Count > 0 && positions[^1] is var last && last.Sender == sender && last.Origin == origin)
            {
                positions[^1] = new OriginPositions(sender, origin, [.. last.Ranges, range], Math.Max(last.LastSeen, seen));
            }
            else
            {
                positions.Add(new OriginPositions(sender, origin, [range], seen));
            }
        }

        return positions;
    }

    /// <summary>A remembered text, or null.</summary>
    public string? Mark(string name)
    {
        using var hold = _gate.EnterScope();
        using var command = Command(_connection, "SELECT value FROM marks WHERE name = $name", ("$name", name));
        return command.ExecuteScalar() as string;
    }

    /// <summary>Remembers a text.</summary>
    public void SetMark(string name, string value)
    {
        using var hold = _gate.EnterScope();
        Remember(name, value);
    }

    public void Dispose() => _connection.Dispose();

    private void Remember(string name, string value) => Execute(
        _connection, "INSERT OR REPLACE INTO marks (name, value) VALUES ($name, $value)", ("$name", name), ("$value", value));

    private void AddPositions(SenderId sender, BatchOrigin origin, long now)
    {
        var bytes = new byte[Origin.Size];
        origin.Origin.Write(bytes);
        (string, object)[] values =
        [
            ("$sender", unchecked((long)sender.Value)), ("$origin", bytes), ("$first", unchecked((long)origin.First)),
            ("$behind", unchecked((long)origin.End)), ("$now", now),
        ];

        // A stream goes on where its last batch ended.
        if (Execute(
            _connection,
            "UPDATE positions SET behind = $behind, last_seen = $now WHERE sender = $sender AND origin = $origin AND behind = $first",
            values) == 0)
        {
            Execute(
                _connection,
                "INSERT INTO positions (sender, origin, first, behind, last_seen) VALUES ($sender, $origin, $first, $behind, $now) " +
                "ON CONFLICT DO UPDATE SET behind = max(behind, excluded.behind), last_seen = excluded.last_seen", values);
        }
    }

    private static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        // Every statement is a constant of this project; values travel as parameters.
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
