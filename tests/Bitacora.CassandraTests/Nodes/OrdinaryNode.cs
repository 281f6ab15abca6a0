using Bitacora.CassandraTests.Nodes;

[assembly: AssemblyFixture(typeof(OrdinaryNode))]

namespace Bitacora.CassandraTests.Nodes;

/// <summary>
/// The node that all ordinary tests share: one that is up already (<c>CASSANDRA_CONTACT_POINTS</c>), one that starts while the
/// solution is built (<c>CASSANDRA_TEST_NODE</c>, the script's folder), or one started by the first test that asks.
/// </summary>
public sealed class OrdinaryNode : IAsyncLifetime
{
    private static readonly string[] GivenContactPoints = (Environment.GetEnvironmentVariable("CASSANDRA_CONTACT_POINTS") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    private readonly Lazy<Task<IReadOnlyList<string>>> _contactPoints;
    private CassandraCluster? _own;

    public OrdinaryNode() => _contactPoints = new(StartAsync);

    /// <summary>Where to connect. Skips the test when there is no server, and says why.</summary>
    public Task<IReadOnlyList<string>> ContactPointsAsync()
    {
        Servers.SkipWithout(CassandraHome.Ordinary is not null || GivenContactPoints.Length > 0);
        return _contactPoints.Value;
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<string>> StartAsync()
    {
        if (GivenContactPoints.Length > 0)
        {
            return GivenContactPoints;
        }

        if (Environment.GetEnvironmentVariable("CASSANDRA_TEST_NODE") is { Length: > 0 } started)
        {
            return (await CassandraCluster.WaitAsync(started)).ContactPoints;
        }

        _own = await CassandraCluster.StartAsync(CassandraHome.Ordinary!);
        return _own.ContactPoints;
    }
}
