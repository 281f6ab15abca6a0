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

        var all = await UntilSeenAsync([]);
        all.Nodes.Select(node => node.Address).ShouldBe(everybody, ignoreOrder: true);
        all.Nodes.ShouldAllBe(node => node.Fault == null && node.Peers.Count == 3 && node.Tables.Any(table => table.Name == "t"));

        var victim = everybody[1];
        await cluster.KillAsync(2);
        await UntilConnectedAsync(session, 2);
        var left = await UntilSeenAsync([victim]);
        left.Nodes.Select(node => node.Address).ShouldBe(everybody, ignoreOrder: true);
        var faulty = left.Nodes.Single(node => node.Fault is not null);
        faulty.Address.ShouldBe(victim);
        faulty.Fault!.ShouldContain("could not be reached");
        foreach (var node in left.Nodes.Where(node => node != faulty))
        {
            node.Peers.Count.ShouldBe(3);
            node.Peers.Single(peer => peer.Address == victim).Status.ShouldBe("NORMAL");
        }

        // Who gossips late sees a beat later than it was, and on a busy machine none for a while.
        async Task<ClusterReport> UntilSeenAsync(string[] down)
        {
            for (var start = Stopwatch.GetTimestamp(); ;)
            {
                var report = await ReadAsync();
                if (report.Nodes.Where(node => node.Fault is null)
                    .All(node => node.Peers.Where(peer => !peer.IsUp).Select(peer => peer.Address).SequenceEqual(down)))
                {
                    return report;
                }

                Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
            }
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
