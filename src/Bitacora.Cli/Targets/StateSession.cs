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
        HasState(data) ? Open(data, clock) : new StateSession(new MemoryStateStore(clock), data, null, null);

    /// <param name="data">The data directory.</param>
    /// <param name="use">What may be made there.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="CommandException">It is no server's directory.</exception>
    public static StateSession Open(string data, StateUse use, TimeProvider clock)
    {
        if (use != StateUse.Prepare && !HasState(data) && !File.Exists(Path.Combine(data, "store.json")))
        {
            throw new CommandException(
                $"No server has begun in {data}, and nothing is remembered there.",
                "Name another place with --data DIR, or start a server there with `bitacora serve`.");
        }

        return use == StateUse.Read ? OpenOrEmpty(data, clock) : Open(data, clock);
    }

    private static StateSession Open(string data, TimeProvider clock)
    {
        var store = SqliteStateStore.Open(data, clock);
        return new StateSession(store, data, null, store);
    }

    public async ValueTask DisposeAsync()
    {
        _file?.Dispose();
        await (_connection?.DisposeAsync() ?? default);
    }

    private static bool HasState(string data) => File.Exists(Path.Combine(data, SqliteStateStore.FileName));
}
