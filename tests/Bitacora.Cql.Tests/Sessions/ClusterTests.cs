using System.Net;
using Bitacora.Testing.Cassandra;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cql.Tests.Sessions;

public class ClusterTests
{
    [Fact]
    public async Task Rows_go_to_the_node_that_owns_their_token()
    {
        await using var cluster = FakeCluster.Start(3);
        await using var session = await cluster.ConnectAsync();
        await PreparedTests.EveryNodeConnectedAsync(session, 3);
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        using var batch = new UnloggedBatch();
        for (var id = 0; id < 100; id++)
        {
            await session.ExecuteAsync(insert, new Person(id, ""));
            batch.Clear();
            batch.Add(insert, new Person(id, ""));
            await session.ExecuteAsync(batch);
        }

        foreach (var node in cluster.Nodes)
        {
            var ids = node.Requests.Of(MessageKind.Execute).Select(request => request.Values[0]).ToArray();
            ids.ShouldNotBeEmpty();
            ids.ShouldAllBe(id => Owner(cluster, id.Bytes!) == node);
            node.Requests.Of(MessageKind.Batch).Select(request => request.Children[0].Values[0]).ShouldBe(ids);
        }
    }

    [Fact]
    public async Task Peers_that_are_half_joined_doubled_or_the_node_itself_are_passed_over()
    {
        await using var cluster = FakeCluster.Start();
        var good = new NodeIdentity { EndPoint = new IPEndPoint(IPAddress.Parse("127.9.9.9"), 9042), DataCenter = "elsewhere" };
        cluster.Node.Peers =
        [
            good,
            good with { Rack = "other" },
            cluster.Node.Identity,
            good with { HostId = null },
            good with { HostId = Guid.NewGuid(), DataCenter = null },
            good with { HostId = Guid.NewGuid(), Rack = null },
            good with { HostId = Guid.NewGuid(), Tokens = null },
            good with { HostId = Guid.NewGuid(), SchemaVersion = null },
        ];
        await using var session = await cluster.ConnectAsync();
        session.Nodes.Select(node => node.HostId).ShouldBe([cluster.Node.Identity.HostId!.Value, good.HostId!.Value]);
        session.Nodes[1].Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Nodes_are_connected_again_although_the_log_throws_at_every_line()
    {
        await using var cluster = FakeCluster.Start(2);
        await using var session = await cluster.ConnectAsync(options => Impatient(options) with { LoggerFactory = new FaultyLog() });
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        cluster.Node.Die();
        await cluster.Nodes[1].Requests.ReceivesAsync(MessageKind.Register).WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Clear();
        cluster.Node.Listen();
        await cluster.Node.Requests.ReceivesAsync(MessageKind.Startup).WaitAsync(FakeCluster.Patience);
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
    }

    [Fact]
    public async Task An_address_that_means_any_is_replaced_by_the_one_between_nodes()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Peers =
        [
            new NodeIdentity
            {
                EndPoint = new IPEndPoint(IPAddress.Any, 9042),
                PeerAddress = IPAddress.Parse("127.9.9.8"),
                DataCenter = "elsewhere",
            },
        ];
        await using var session = await cluster.ConnectAsync();
        session.Nodes[1].EndPoint.ShouldBe(IPEndPoint.Parse("127.9.9.8:9042"));
    }

    [Fact]
    public async Task An_older_server_is_asked_for_its_peers_in_the_old_way()
    {
        await using var cluster = FakeCluster.Start(2);
        cluster.Node.MissingTables.Add("system.peers_v2");
        await using var session = await cluster.ConnectAsync();
        session.Nodes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Another_partitioner_is_refused()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(
            request => request.Cql?.Contains("system.local", StringComparison.Ordinal) == true,
            _ => FakeReply.Rows([new("partitioner", FakeType.Text)], [FakeValue.Text("org.apache.cassandra.dht.RandomPartitioner")]));
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(() => cluster.ConnectAsync());
        fault.Message.ShouldContain("RandomPartitioner");
    }

    [Fact]
    public async Task Traffic_leaves_a_node_that_dies_and_returns_when_it_does()
    {
        await using var cluster = FakeCluster.Start(3);
        await using var session = await cluster.ConnectAsync(Impatient);
        await PreparedTests.EveryNodeConnectedAsync(session, 3);
        var lost = cluster.Nodes[1];
        lost.Die();
        for (var i = 0; i < 50; i++)
        {
            await session.QueryAsync("Q", new CqlRequestOptions { IsIdempotent = true }).AsTask().WaitAsync(FakeCluster.Patience);
        }

        lost.Requests.Clear();
        lost.Listen();
        var asked = lost.Requests.ReceivesAsync(request => request.Cql == "Q");
        while (!asked.IsCompleted)
        {
            await session.QueryAsync("Q").AsTask().WaitAsync(FakeCluster.Patience);
        }
    }

    [Fact]
    public async Task A_node_that_joins_is_found_and_knows_the_statements()
    {
        await using var cluster = FakeCluster.Start(2);
        var joining = cluster.Nodes[1];
        cluster.Node.Peers = [];
        await using var session = await cluster.ConnectAsync(Impatient);
        await session.PrepareAsync(FakeCluster.Insert);
        session.Nodes.Count.ShouldBe(1);
        cluster.Node.Peers = [joining.Identity];
        for (var i = 0; i < 10_000; i++)
        {
            cluster.Node.Announce(FakeEvents.Topology("NEW_NODE", joining.EndPoint), FakeEvents.TopologyChange);
        }

        await joining.Requests.ReceivesAsync(MessageKind.Prepare).WaitAsync(FakeCluster.Patience);
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        // Ten thousand events, at most a few readings.
        Refreshes(cluster.Node).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task When_the_cluster_could_not_be_read_after_an_event_it_is_read_again()
    {
        await using var cluster = FakeCluster.Start(2);
        var joining = cluster.Nodes[1];
        cluster.Node.Peers = [];
        await using var session = await cluster.ConnectAsync(Impatient);
        cluster.Node.Peers = [joining.Identity];
        cluster.Node.On(IsPeers, _ => FakeErrors.Overloaded(), times: 2);
        cluster.Node.Announce(FakeEvents.Topology("NEW_NODE", joining.EndPoint), FakeEvents.TopologyChange);
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
    }

    [Fact]
    public async Task A_node_that_moves_to_another_address_is_found_there()
    {
        await using var cluster = FakeCluster.Start(3);
        var (before, after) = (cluster.Nodes[1], cluster.Nodes[2]);
        cluster.Node.Peers = [before.Identity];
        await using var session = await cluster.ConnectAsync(Impatient);
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        before.Die();
        cluster.Node.Peers = [after.Identity with { HostId = before.Identity.HostId }];
        cluster.Node.Announce(FakeEvents.Topology("NEW_NODE", after.EndPoint), FakeEvents.TopologyChange);
        await after.Requests.ReceivesAsync(MessageKind.Startup).WaitAsync(FakeCluster.Patience);
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        session.Nodes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_is_said_to_be_down_and_is_not_keeps_its_traffic()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var asked = cluster.Node.Requests.ReceivesAsync(
            request => request.Kind == MessageKind.Options && request.Connection == 2, 2);
        cluster.Node.Announce(FakeEvents.Status("DOWN", cluster.Node.EndPoint), FakeEvents.StatusChange);
        await asked.WaitAsync(FakeCluster.Patience);
        await session.QueryAsync("Q").AsTask().WaitAsync(FakeCluster.Patience);
        cluster.Node.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task When_the_control_connection_is_lost_another_node_is_asked()
    {
        await using var cluster = FakeCluster.Start(2);
        await using var session = await cluster.ConnectAsync(Impatient);
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        var asked = cluster.Nodes[1].Requests.ReceivesAsync(MessageKind.Register);
        cluster.Node.Die();
        await asked.WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task A_peer_that_is_silent_is_given_up_though_it_can_be_written_to()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => Impatient(options) with
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(300),
        });
        var silent = new List<ReplyRule>
        {
            cluster.Node.On("Q", FakeReply.Silence),
            cluster.Node.On(request => request.Kind == MessageKind.Options && request.Version == 5, _ => FakeReply.Silence),
        };
        var asked = session.QueryAsync("Q").AsTask();
        (await Should.ThrowAsync<CqlConnectionException>(() => asked.WaitAsync(FakeCluster.Patience))).Message.ShouldContain("too long");
        silent.ForEach(cluster.Node.Remove);
        await session.QueryAsync("Q").AsTask().WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task An_idle_connection_that_answers_is_kept()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(
            options => options with { HeartbeatInterval = TimeSpan.FromMilliseconds(100), HeartbeatTimeout = FakeCluster.Patience });
        await cluster.Node.Requests.ReceivesAsync(request => request.Kind == MessageKind.Options && request.Version == 5, 6)
            .WaitAsync(FakeCluster.Patience);
        cluster.Node.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task A_changed_schema_is_waited_for_until_all_nodes_agree()
    {
        await using var cluster = FakeCluster.Start(2);
        await using var session = await cluster.ConnectAsync();
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        foreach (var node in cluster.Nodes)
        {
            node.Peers = [node.Peers[0] with { SchemaVersion = Guid.NewGuid() }];
        }

        var asked = cluster.Nodes.Select(node => node.Requests.ReceivesAsync(IsPeers, node == cluster.Node ? 3 : 2));
        var created = session.QueryAsync("CREATE TABLE ks.u (id int PRIMARY KEY)").AsTask();
        await Task.WhenAny(asked).WaitAsync(FakeCluster.Patience);
        created.IsCompleted.ShouldBeFalse();
        Agree(cluster);
        await created.WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task The_node_that_changed_the_schema_is_asked_whether_the_others_have_it()
    {
        await using var cluster = FakeCluster.Start(2);
        await using var session = await cluster.ConnectAsync();
        await PreparedTests.EveryNodeConnectedAsync(session, 2);

        // The node of the control connection has not heard of the change: to it, all agree.
        cluster.Nodes[1].Peers = [cluster.Node.Identity with { SchemaVersion = Guid.NewGuid() }];
        var asked = cluster.Nodes[1].Requests.ReceivesAsync(IsPeers, 1);
        Task created;
        do
        {
            created = session.QueryAsync("CREATE TABLE ks.u (id int PRIMARY KEY)").AsTask();
            await Task.WhenAny(created, asked).WaitAsync(FakeCluster.Patience);
        }
        while (cluster.Nodes[1].Requests.All.All(request => request.Cql?.StartsWith("CREATE", StringComparison.Ordinal) != true));
        created.IsCompleted.ShouldBeFalse();
        Agree(cluster);
        await created.WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task Disagreement_ends_when_its_time_is_over_and_is_told()
    {
        await using var cluster = FakeCluster.Start(2);
        await using var session = await cluster.ConnectAsync(
            options => options with { SchemaAgreementTimeout = TimeSpan.FromMilliseconds(300) });
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        cluster.Node.Peers = [cluster.Nodes[1].Identity with { SchemaVersion = Guid.NewGuid() }];
        (await session.WaitForSchemaAgreementAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_that_is_down_does_not_hold_up_the_agreement()
    {
        await using var cluster = FakeCluster.Start(2);
        cluster.Nodes[1].Die();
        cluster.Node.Peers = [cluster.Nodes[1].Identity with { SchemaVersion = Guid.NewGuid() }];
        await using var session = await cluster.ConnectAsync();
        (await session.WaitForSchemaAgreementAsync().WaitAsync(FakeCluster.Patience)).ShouldBeTrue();
    }

    internal static CqlOptions Impatient(CqlOptions options) => options with
    {
        ReconnectDelay = TimeSpan.FromMilliseconds(10),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
    };

    private static void Agree(FakeCluster cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            node.Peers = [.. cluster.Nodes.Where(other => other != node).Select(other => other.Identity)];
        }
    }

    private static bool IsPeers(FakeRequest request) => request.Cql?.Contains("peers_v2", StringComparison.Ordinal) == true;

    private static int Refreshes(FakeNode node) =>
        node.Requests.All.Count(request => request.Cql?.Contains("system_schema.keyspaces", StringComparison.Ordinal) == true);

    private static FakeNode Owner(FakeCluster cluster, byte[] key)
    {
        var token = Bitacora.Cql.Routing.Murmur3.Token(key);
        var ring = cluster.Nodes.OrderBy(Token).ToArray();
        return ring.FirstOrDefault(node => Token(node) >= token) ?? ring[0];

        static long Token(FakeNode node) => long.Parse(node.Identity.Tokens![0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Throws at every line, as an application's own logger may.</summary>
    private sealed class FaultyLog : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("the log is broken");

        public void Dispose()
        {
        }
    }
}
