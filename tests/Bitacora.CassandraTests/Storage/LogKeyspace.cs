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
    private readonly CqlCredentials? _user;
    private readonly List<string> _directories = [];

    private LogKeyspace(IReadOnlyList<string> contactPoints, CqlCredentials? user, CqlSession session, string name) =>
        (_contactPoints, _user, Session, Name) = (contactPoints, user, session, name);

    public CqlSession Session { get; }

    public string Name { get; }

    /// <param name="contactPoints">The cluster.</param>
    /// <param name="replicas">How many nodes have each record.</param>
    /// <param name="timeToLive">How long records live; 90 days unless a test says otherwise.</param>
    /// <param name="operators">Who makes it, and looks at it; nobody where the cluster has no users.</param>
    /// <param name="user">Who opens stores: may read and write this keyspace and no more.</param>
    public static async Task<LogKeyspace> CreateAsync(
        IReadOnlyList<string> contactPoints, int replicas = 1, TimeSpan? timeToLive = null, CqlCredentials? operators = null,
        CqlCredentials? user = null)
    {
        var session = await CqlSession.ConnectAsync(Options(contactPoints, operators));
        var name = $"logs_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
        await session.QueryAsync(
            $"CREATE KEYSPACE {name} WITH replication = {{'class': 'NetworkTopologyStrategy', 'datacenter1': {replicas}}}");
        foreach (var table in LogTables.All.Where(table => table.Name is not ("state" or "leases")))
        {
            // As set-up does: a node may not have opened the table yet that was made before.
            await session.QueryAsync(
                table.Create(name, timeToLive ?? TimeSpan.FromDays(90)), new CqlRequestOptions { IsIdempotent = true });
        }

        if (user is not null)
        {
            await session.QueryAsync($"GRANT SELECT ON KEYSPACE {name} TO {user.User}");
            await session.QueryAsync($"GRANT MODIFY ON KEYSPACE {name} TO {user.User}");
        }

        return new LogKeyspace(contactPoints, user, session, name);
    }

    /// <summary>Opens a store in a directory of its own, or in that of an earlier one.</summary>
    public async Task<CassandraLogStore> OpenAsync(
        TimeProvider clock, string? directory = null, Func<CassandraStoreOptions, CassandraStoreOptions>? change = null,
        ILogger? logger = null)
    {
        var options = new CassandraStoreOptions
        {
            Cluster = Options(_contactPoints, _user),
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

    private static CqlOptions Options(IReadOnlyList<string> contactPoints, CqlCredentials? user) => new()
    {
        ContactPoints = contactPoints,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        RequestTimeout = TimeSpan.FromMinutes(1),
        Credentials = user,
    };
}
