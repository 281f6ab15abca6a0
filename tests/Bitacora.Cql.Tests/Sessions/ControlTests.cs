using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>The control connection in trouble.</summary>
public class ControlTests
{
    [Fact]
    public async Task A_storm_of_events_causes_few_refreshes()
    {
        await using var cluster = FakeCluster.Start(2);
        await using var session = await cluster.ConnectAsync();
        var before = Refreshes(cluster.Node);
        for (var i = 0; i < 10_000; i++)
        {
            cluster.Node.Announce(FakeEvents.Topology("NEW_NODE", cluster.Nodes[1].EndPoint), FakeEvents.TopologyChange);
        }

        await cluster.Node.Requests.ReceivesAsync(IsRefresh, before + 1).WaitAsync(FakeCluster.Patience);
        await session.QueryAsync(FakeCluster.Select);
        (Refreshes(cluster.Node) - before).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Events_that_nobody_knows_change_nothing()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        cluster.Node.Announce(FakeEvents.Topology("MOVED_NODE", cluster.Node.EndPoint), FakeEvents.TopologyChange);
        cluster.Node.Announce(FakeEvents.Schema("CREATED", "AGGREGATE", "ks", "sum"), FakeEvents.SchemaChange);
        cluster.Node.Announce(new FakeReply(MessageKind.Event, (writer, _) => writer.String("TRACE_COMPLETE")), FakeEvents.StatusChange);
        await session.QueryAsync(FakeCluster.Select).AsTask().WaitAsync(FakeCluster.Patience);
        cluster.Node.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task A_control_connection_that_is_lost_while_the_cluster_is_read_is_made_anew_though_the_next_is_lost_too()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(Impatient);
        var reading = cluster.Node.On(request => IsRefresh(request), _ => FakeReply.Cut, times: 3);
        var registered = cluster.Node.Requests.Of(MessageKind.Register).Count;
        cluster.Node.Announce(FakeEvents.Schema("CREATED", "KEYSPACE", "new"), FakeEvents.SchemaChange);
        await cluster.Node.Requests.ReceivesAsync(MessageKind.Register, registered + 3).WaitAsync(FakeCluster.Patience);
        reading.Uses.ShouldBe(3);
        await session.QueryAsync(FakeCluster.Select).AsTask().WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task A_refresh_that_brings_nonsense_is_passed_over_and_the_next_change_is_seen()
    {
        await using var cluster = FakeCluster.Start(2);
        var joining = cluster.Nodes[1].Identity;
        cluster.Node.Peers = [];
        await using var session = await cluster.ConnectAsync(Impatient);
        cluster.Node.Peers = [joining with { Tokens = ["no number"] }];
        var read = cluster.Node.Requests.ReceivesAsync(IsPeers, cluster.Node.Requests.All.Count(IsPeers) + 1);
        cluster.Node.Announce(FakeEvents.Topology("NEW_NODE", joining.EndPoint!), FakeEvents.TopologyChange);
        await read.WaitAsync(FakeCluster.Patience);

        cluster.Node.Peers = [joining];
        var connected = cluster.Nodes[1].Requests.ReceivesAsync(MessageKind.Startup);
        while (!connected.IsCompleted)
        {
            cluster.Node.Announce(FakeEvents.Topology("NEW_NODE", joining.EndPoint!), FakeEvents.TopologyChange);
            await Task.WhenAny(connected, cluster.Node.Requests.ReceivesAsync(IsPeers, cluster.Node.Requests.All.Count(IsPeers) + 1))
                .WaitAsync(FakeCluster.Patience);
        }
    }

    [Fact]
    public async Task A_node_that_is_not_connected_yet_is_waited_for_when_the_schema_changes()
    {
        await using var cluster = FakeCluster.Start(2);
        var gate = new ReplyGate();
        cluster.Nodes[1].On(MessageKind.Options, FakeReply.Ready with { Gate = gate });
        cluster.Node.Peers = [cluster.Nodes[1].Identity with { SchemaVersion = Guid.NewGuid() }];
        await using var session = await cluster.ConnectAsync(options => options with { ConnectTimeout = FakeCluster.Patience });
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        var agreement = cluster.Node.Requests.ReceivesAsync(IsPeers, 4);
        var created = session.QueryAsync("CREATE TABLE ks.u (id int PRIMARY KEY)").AsTask();
        await Task.WhenAny(created, agreement).WaitAsync(FakeCluster.Patience);
        created.IsCompleted.ShouldBeFalse();
        cluster.Node.Peers = [cluster.Nodes[1].Identity];
        await created.WaitAsync(FakeCluster.Patience);
    }

    private static bool IsRefresh(FakeRequest request) =>
        request.Cql?.Contains("system_schema.keyspaces", StringComparison.Ordinal) == true;

    private static bool IsPeers(FakeRequest request) => request.Cql?.Contains("peers_v2", StringComparison.Ordinal) == true;

    private static int Refreshes(FakeNode node) => node.Requests.All.Count(IsRefresh);

    private static CqlOptions Impatient(CqlOptions options) => options with
    {
        ReconnectDelay = TimeSpan.FromMilliseconds(10),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
    };
}
