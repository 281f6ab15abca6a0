using Bitacora.Cql;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Cassandra.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.CassandraTests.Storage;

/// <summary>A keyspace with the product's tables, and stores on it with a directory each; all gone with the object.</summary>
internal sealed class LogKeyspace : IAsyncDisposable
{
    private static int s_count;
    private readonly IReadOnlyList<string> _contactPoints;
    private readonly List<string> _directories = [];

    private LogKeyspace(IReadOnlyList<string> contactPoints, CqlSession session, string name) =>
        (_contactPoints, Session, Name) = (contactPoints, session, name);

    public CqlSession Session { get; }

    public string Name { get; }

    public static async Task<LogKeyspace> CreateAsync(IReadOnlyList<string> contactPoints, int replicas = 1, TimeSpan? timeToLive = null)
    {
        var session = await CqlSession.ConnectAsync(Options(contactPoints));
        var name = $"logs_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
        await session.QueryAsync(
            $"CREATE KEYSPACE {name} WITH replication = {{'class': 'NetworkTopologyStrategy', 'datacenter1': {replicas}}}");
        foreach (var table in LogTables.All)
        {
            await session.QueryAsync(table.Create(name, timeToLive ?? TimeSpan.FromDays(90)));
        }

        return new LogKeyspace(contactPoints, session, name);
    }

    /// <summary>Opens a store in a directory of its own, or in that of an earlier one.</summary>
    public async Task<CassandraLogStore> OpenAsync(
        TimeProvider clock, string? directory = null, Func<CassandraStoreOptions, CassandraStoreOptions>? change = null,
        ILogger? logger = null)
    {
        var options = new CassandraStoreOptions
        {
            Cluster = Options(_contactPoints),
            Keyspace = Name,
            Directory = directory ?? NewDirectory(),
            GatherFor = TimeSpan.FromMilliseconds(200),
        };
        var store = CassandraLogStore.Open(change?.Invoke(options) ?? options, clock, logger ?? NullLogger.Instance);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await store.WaitForClusterAsync(patience.Token);
        return store;
    }

    public string NewDirectory()
    {
        _directories.Add(Directory.CreateTempSubdirectory("bitacora-").FullName);
        return _directories[^1];
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Session.QueryAsync($"DROP KEYSPACE {Name}");
        }
        catch (CqlException)
        {
            // A node that a failed test left away must not hide why it failed.
        }

        await Session.DisposeAsync();
        foreach (var directory in _directories)
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static CqlOptions Options(IReadOnlyList<string> contactPoints) =>
        new() { ContactPoints = contactPoints, ConnectTimeout = TimeSpan.FromSeconds(20) };
}
