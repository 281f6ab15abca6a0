using Bitacora.Cql;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>Three nodes that a class's tests kill and pause; started by the first that asks, all up again before the next.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    // A node that was paused for two seconds says of every write that it had begun that two seconds are over: what is tested is the
    // client's patience, not the servers'.
    private const string PatientServers = "write_request_timeout: 30000ms";

    // A node that was away asks for the schema that it missed after a minute (cassandra.migration_delay_ms).
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private CassandraCluster? _cluster;

    public ValueTask InitializeAsync() => default;

    public async Task<CassandraCluster> StartedAsync()
    {
        _cluster ??= await CassandraCluster.StartAsync(Servers.Own(), count: 3, PatientServers);
        await _cluster.RestoreAsync();
        foreach (var node in _cluster.ContactPoints)
        {
            await KnowsAllAsync(node, _cluster.ContactPoints.Count);
        }

        return _cluster;
    }

    /// <summary>A node that has just begun takes connections before gossip has told it of the others.</summary>
    private static async Task KnowsAllAsync(string address, int count)
    {
        await using var session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [address] });
        var options = new CqlRequestOptions { Node = session.Nodes.Single(node => $"{node.EndPoint}" == address).HostId };
        using var patience = new CancellationTokenSource(Patience);
        while (await VersionsAsync(session, options, patience.Token) is var versions
            && (versions.Count < count || versions.Distinct().Count() > 1))
        {
            await Clock.WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>The versions of the schema of the nodes that a node knows.</summary>
    private static async Task<List<Guid>> VersionsAsync(CqlSession session, CqlRequestOptions options, CancellationToken cancellationToken)
    {
        var versions = new List<Guid>();
        foreach (var table in (string[])["local", "peers_v2"])
        {
            using var rows = await session.QueryAsync($"SELECT schema_version FROM system.{table}", options, cancellationToken);
            foreach (var row in rows)
            {
                versions.Add(row[0].IsNull ? Guid.NewGuid() : row[0].GetUuid());
            }
        }

        return versions;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
