using Bitacora.Storage.Embedded.State;
using Microsoft.Data.Sqlite;

namespace Bitacora.Storage.Embedded;

/// <summary>
/// The <see cref="IStateStore"/> of a single machine: one SQLite file, each change its own transaction, durable when the call
/// completes. Thread-safe; several processes may share the file.
/// </summary>
public sealed class SqliteStateStore : IStateStore, IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "state.db";

    private const int MaxKeyLength = 256;
    private const int MaxValueBytes = 1 << 20;

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    private SqliteStateStore(StateDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>Opens <c>state.db</c> in a directory, which is made if missing.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="time">The clock of leases.</param>
    /// <exception cref="SqliteException">The file cannot be opened or is no database.</exception>
    public static SqliteStateStore Open(string directory, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(time);
        Directory.CreateDirectory(directory);
        return new SqliteStateStore(StateDatabase.Open(Path.Combine(directory, FileName)), time);
    }

    /// <inheritdoc/>
    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        CheckKey(key);
        return _database.RunAsync(
            connection => StateDatabase
                .ReadEntries(connection, "SELECT key, value, version FROM state WHERE key = $key", ("$key", key))
                .SingleOrDefault(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, MaxValueBytes, nameof(value));
        var sql = version == 0
            ? "INSERT INTO state (key, value, version) VALUES ($key, $value, $version + 1) ON CONFLICT (key) DO NOTHING"
            : "UPDATE state SET value = $value, version = version + 1 WHERE key = $key AND version = $version";
        return _database.RunAsync(
            connection => StateDatabase.Execute(connection, sql, ("$key", key), ("$value", value.ToArray()), ("$version", version)) == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteAsync(string key, long version, CancellationToken cancellationToken)
    {
        CheckKey(key);
        return _database.RunAsync(
            connection => StateDatabase.Execute(
                connection, "DELETE FROM state WHERE key = $key AND version = $version", ("$key", key), ("$version", version)) == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var entries = await _database.RunAsync(
            connection => StateDatabase.ReadEntries(
                connection, "SELECT key, value, version FROM state WHERE substr(key, 1, length($prefix)) = $prefix", ("$prefix", prefix)),
            cancellationToken).ConfigureAwait(false);
        // SQLite orders by UTF-8 bytes, the contract by UTF-16.
        return [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        const string sql = """
            INSERT INTO leases (name, owner, until) VALUES ($name, $owner, $until)
            ON CONFLICT (name) DO UPDATE SET owner = $owner, until = $until
            WHERE owner = $owner OR until <= $now OR until > $farthest
            """;
        var now = _time.GetUtcNow();
        return _database.RunAsync(
            connection => StateDatabase.Execute(
                connection, sql, ("$name", name), ("$owner", owner), ("$until", (now + duration).UtcTicks), ("$now", now.UtcTicks),
                ("$farthest", (now + (2 * duration)).UtcTicks)) == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string name, string owner, CancellationToken cancellationToken) =>
        await _database.RunAsync(
            connection => StateDatabase.Execute(
                connection, "DELETE FROM leases WHERE name = $name AND owner = $owner", ("$name", name), ("$owner", owner)),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _database.Dispose();

    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeyLength, nameof(key));
    }
}
