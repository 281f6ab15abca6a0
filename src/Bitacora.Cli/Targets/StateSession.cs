using Bitacora.Cli.Commands;
using Bitacora.Cql;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Embedded;

namespace Bitacora.Cli.Targets;

/// <summary>The state store of a data directory or of a cluster, beside whatever servers have it open.</summary>
internal sealed class StateSession : IAsyncDisposable
{
    private readonly IAsyncDisposable? _connection;
    private readonly IDisposable? _file;

    private StateSession(IStateStore store, string place, IAsyncDisposable? connection, IDisposable? file) =>
        (Store, Place, _connection, _file) = (store, place, connection, file);

    public IStateStore Store { get; }

    /// <summary>Where it is, for people.</summary>
    public string Place { get; }

    public static async Task<StateSession> OpenAsync(ClusterSettings cluster, TimeProvider clock, CancellationToken cancellationToken)
    {
        var session = await CqlSession.ConnectAsync(cluster.ToCqlOptions(clock), cancellationToken);
        return new StateSession(new CassandraStateStore(session, cluster.Keyspace, clock), $"Cassandra, {cluster}", session, null);
    }

    /// <summary>The state of a data directory, which is left as it is: empty where nothing is remembered yet.</summary>
    public static StateSession OpenOrEmpty(string data, TimeProvider clock) =>
        Exists(data) ? Open(data, create: false, clock) : new StateSession(new MemoryStateStore(clock), data, null, null);

    /// <param name="data">The data directory.</param>
    /// <param name="create">Whether it is made where it is missing; else that is an error, for nothing can be found in it.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="CommandException">There is no state in the directory.</exception>
    public static StateSession Open(string data, bool create, TimeProvider clock)
    {
        if (!create && !Exists(data))
        {
            throw new CommandException(
                $"There is no key in {data}.", "Name another place with --data DIR, or make one: bitacora keys create.");
        }

        var store = SqliteStateStore.Open(data, clock);
        return new StateSession(store, data, null, store);
    }

    public async ValueTask DisposeAsync()
    {
        _file?.Dispose();
        await (_connection?.DisposeAsync() ?? default);
    }

    private static bool Exists(string data) => File.Exists(Path.Combine(data, SqliteStateStore.FileName));
}
