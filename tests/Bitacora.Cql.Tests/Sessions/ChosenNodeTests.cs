using System.Diagnostics;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>Requests for one node: it answers, or nobody does.</summary>
public class ChosenNodeTests
{
    private const string WhoAreYou = "SELECT host_id FROM system.local";

    [Fact]
    public async Task Each_node_answers_for_itself()
    {
        await using var cluster = FakeCluster.Start(nodes: 3);
        await using var session = await cluster.ConnectAsync();
        for (var round = 0; round < 5; round++)
        {
            foreach (var node in cluster.Nodes)
            {
                using var result = await session.QueryAsync(WhoAreYou, For(node));
                foreach (var row in result)
                {
                    ((Guid?)row[0].GetUuid()).ShouldBe(node.Identity.HostId);
                }
            }
        }
    }

    [Fact]
    public async Task A_row_that_another_node_owns_is_written_where_the_request_says()
    {
        await using var cluster = FakeCluster.Start(nodes: 3);
        await using var session = await cluster.ConnectAsync();
        await session.QueryAsync(WhoAreYou, For(cluster.Nodes[2]));
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        for (var id = 0; id < 20; id++)
        {
            await session.ExecuteAsync(insert, new Person(id, "x"), For(cluster.Nodes[2]));
        }

        Executions(cluster).ShouldBe([0, 0, 20]);
    }

    [Fact]
    public async Task A_node_that_is_away_is_waited_for_and_nobody_else_is_asked()
    {
        await using var cluster = FakeCluster.Start(nodes: 2);
        var away = cluster.Nodes[1];
        away.Die();
        await using var session = await cluster.ConnectAsync(options => options with
        {
            ReconnectDelay = TimeSpan.FromMilliseconds(10),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
        });
        var fault = await Should.ThrowAsync<CqlConnectionException>(
            session.QueryAsync("Q", For(away) with { Timeout = TimeSpan.FromMilliseconds(300) }).AsTask());
        fault.Message.ShouldStartWith($"{away.EndPoint}: it could not be reached before the request's deadline");
        fault.IsTransient.ShouldBeTrue();
        cluster.Node.Requests.Of("Q").ShouldBeEmpty();

        var waiting = session.QueryAsync("Q", For(away) with { Timeout = FakeCluster.Patience }).AsTask();
        away.Listen();
        await waiting.WaitAsync(FakeCluster.Patience);
        away.Requests.Of("Q").Count.ShouldBe(1);
        cluster.Node.Requests.Of("Q").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_nobody_knows_is_an_error_at_once()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var stranger = Guid.NewGuid();
        var start = Stopwatch.GetTimestamp();
        var fault = await Should.ThrowAsync<CqlConnectionException>(
            session.QueryAsync("Q", new CqlRequestOptions { Node = stranger, Timeout = TimeSpan.FromHours(1) }).AsTask());
        fault.Message.ShouldBe($"no node of the cluster has the host id {stranger}");
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(FakeCluster.Patience);
        cluster.Node.Requests.Of("Q").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_of_another_datacenter_is_an_error_at_once()
    {
        await using var cluster = FakeCluster.Start(nodes: 2);
        var far = cluster.Nodes[1];
        far.Identity = far.Identity with { DataCenter = "far" };
        cluster.Node.Peers = [far.Identity];
        await using var session = await cluster.ConnectAsync();
        var fault = await Should.ThrowAsync<CqlConnectionException>(
            session.QueryAsync("Q", For(far) with { Timeout = TimeSpan.FromHours(1) }).AsTask());
        fault.Message.ShouldBe($"{far.EndPoint}: it is of datacenter far, whose nodes the session does not use");
    }

    [Fact]
    public async Task What_a_node_refuses_is_repeated_there_and_nowhere_else()
    {
        await using var cluster = FakeCluster.Start(nodes: 3);
        foreach (var node in cluster.Nodes)
        {
            node.On("Q", FakeErrors.Overloaded());
        }

        await using var session = await cluster.ConnectAsync();
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(session.QueryAsync("Q", For(cluster.Nodes[1])).AsTask());
        fault.Causes.ShouldAllBe(cause => cause.Node!.Equals(cluster.Nodes[1].EndPoint));
        cluster.Nodes.Select(node => node.Requests.Of("Q").Count).ShouldBe([0, 3, 0]);
    }

    [Fact]
    public async Task Closing_the_session_ends_the_wait_for_a_node()
    {
        await using var cluster = FakeCluster.Start(nodes: 2);
        cluster.Nodes[1].Die();
        var session = await cluster.ConnectAsync();
        var waiting = session.QueryAsync("Q", For(cluster.Nodes[1])).AsTask();
        await session.DisposeAsync();
        (await Should.ThrowAsync<CqlException>(waiting)).Message.ShouldContain("the session was closed");
    }

    private static CqlRequestOptions For(FakeNode node) => new() { Node = node.Identity.HostId };

    private static int[] Executions(FakeCluster cluster) =>
        [.. cluster.Nodes.Select(node => node.Requests.Of(MessageKind.Execute).Count)];
}
