using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Embedded;

namespace Bitacora.Server.Hosting;

/// <summary>
/// The state store beside the log store: tables of the cluster, or a file that exists once somebody has something to keep.
/// </summary>
internal sealed class ServerStateStore(ServerOptions options, ILogStore logs, TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private SqliteStateStore? _file;
    private bool _isDisposed;

    /// <summary>The store; null while there is none.</summary>
    public async ValueTask<IStateStore?> FindAsync(CancellationToken cancellationToken) =>
        logs is CassandraLogStore cluster ? await cluster.StateAsync(cancellationToken) : File(create: false);

    /// <summary>The store; a file is made where there is none.</summary>
    /// <exception cref="IOException">The cluster has none that can be reached.</exception>
    public async ValueTask<IStateStore> OpenAsync(CancellationToken cancellationToken) => logs is CassandraLogStore cluster
        ? await cluster.StateAsync(cancellationToken) ?? throw new IOException("the cluster's tables of state cannot be reached")
        : File(create: true)!;

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            (_file, _isDisposed) = (null, true);
        }
    }

    private SqliteStateStore? File(bool create)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _file ??= create || System.IO.File.Exists(Path.Combine(options.Data, SqliteStateStore.FileName))
                ? SqliteStateStore.Open(options.Data, clock)
                : null;
        }
    }
}
