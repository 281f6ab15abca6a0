using System.Diagnostics;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: three nodes start in half a minute.</summary>
public sealed class ClusterReportThreeNodeTests(ThreeNodes nodes) : IClassFixture<ThreeNodes>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact(Explicit = true)]
    public async Task Every_node_sees_every_node_up_and_one_that_is_killed_down()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        var session = keyspace.Session;
        await UntilConnectedAsync(session, 3);
        var everybody = cluster.ContactPoints;

        var all = await ReadAsync();
        all.Nodes.Select(node => node.Address).ShouldBe(everybody, ignoreOrder: true);
        all.Nodes.ShouldAllBe(node => node.Fault == null);
        foreach (var node in all.Nodes)
        {
            node.Peers.Where(peer => peer.IsUp).Select(peer => peer.Address).ShouldBe(everybody, ignoreOrder: true);
            node.Tables.ShouldContain(table => table.Name == "t");
        }

        var victim = everybody[1];
        await cluster.KillAsync(2);
        await UntilConnectedAsync(session, 2);
        var left = await ReadAsync();
        left.Nodes.Select(node => node.Address).ShouldBe(everybody, ignoreOrder: true);
        left.Nodes.Single(node => node.Fault is not null).Address.ShouldBe(victim);
        left.Nodes.Single(node => node.Fault is not null).Fault!.ShouldContain("could not be reached");
        foreach (var node in left.Nodes.Where(node => node.Fault is null))
        {
            node.Peers.Where(peer => !peer.IsUp).Select(peer => (peer.Address, peer.Status)).ShouldBe([(victim, "NORMAL")]);
            node.Peers.Count.ShouldBe(3);
        }

        Task<ClusterReport> ReadAsync() =>
            ClusterReport.ReadAsync(session, keyspace.Name, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static async Task UntilConnectedAsync(CqlSession session, int count)
    {
        var start = Stopwatch.GetTimestamp();
        while (session.Nodes.Count(node => node.Connections > 0) != count)
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
            await Clock.WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }
}
