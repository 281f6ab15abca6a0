namespace Bitacora.CassandraTests.Nodes;

/// <summary>Three nodes that a class's tests kill and pause; started by the first that asks, all up again before the next.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    private CassandraCluster? _cluster;

    public ValueTask InitializeAsync() => default;

    public async Task<CassandraCluster> StartedAsync()
    {
        _cluster ??= await CassandraCluster.StartAsync(Servers.Own(), count: 3);
        await _cluster.RestoreAsync();
        return _cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
