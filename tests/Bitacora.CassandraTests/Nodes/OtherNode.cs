using Bitacora.CassandraTests.Nodes;

[assembly: AssemblyFixture(typeof(OtherNode))]

namespace Bitacora.CassandraTests.Nodes;

/// <summary>
/// A node of the version beside the ordinary one, shared by the tests of what must work there too; started by the first that asks.
/// </summary>
public sealed class OtherNode : IAsyncLifetime
{
    private readonly Lazy<Task<CassandraCluster>> _cluster = new(() => CassandraCluster.StartAsync(Servers.Other()));

    /// <summary>Where to connect. Skips the test when there is no server, and says why.</summary>
    public async Task<IReadOnlyList<string>> ContactPointsAsync()
    {
        Servers.Other();
        return (await _cluster.Value).ContactPoints;
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated)
        {
            await (await _cluster.Value).DisposeAsync();
        }
    }
}
