namespace Bitacora.CassandraTests.Nodes;

/// <summary>Three nodes that a class's tests kill and pause; started by the first that asks, all up again before the next.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    // A node that was paused for two seconds says of every write that it had begun that two seconds are over: what is tested is the
    // client's patience, not the servers'.
    private const string PatientServers = "write_request_timeout: 30000ms";

    private CassandraCluster? _cluster;

    public ValueTask InitializeAsync() => default;

    public async Task<CassandraCluster> StartedAsync()
    {
        _cluster ??= await CassandraCluster.StartAsync(Servers.Own(), count: 3, PatientServers);
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
