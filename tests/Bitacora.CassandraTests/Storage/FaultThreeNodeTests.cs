using Bitacora.CassandraTests.Nodes;
using Bitacora.Query;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: three nodes, three replicas, of which some go away under load.</summary>
public sealed class FaultThreeNodeTests(ThreeNodes nodes) : IClassFixture<ThreeNodes>
{
    [Fact(Explicit = true)]
    public async Task Two_servers_write_and_search_while_a_node_is_killed_and_comes_back()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await using var one = await FaultServer.StartAsync(keyspace);
        await using var two = await FaultServer.StartAsync(keyspace);
        await using var load = new FaultLoad(one.AcceptAsync).Start();
        await using var other = new FaultLoad(two.AcceptAsync).Start();
        using var stop = new CancellationTokenSource();
        var searching = Task.Run(() => SearchAsync(one, two, stop.Token));
        await load.AcknowledgedAsync(2_000);
        await cluster.KillAsync(2);
        await load.AcknowledgedAsync(2_000);
        await cluster.LaunchAsync(2);
        await other.AcknowledgedAsync(2_000);
        await stop.CancelAsync();
        var answers = await searching;
        foreach (var (server, sent) in new[] { (one, load), (two, other) })
        {
            await sent.StopAsync();
            await server.SettleAsync();
        }

        var found = await Invariants.IdsAsync(keyspace);
        found.SetEquals(load.AcknowledgedIds.Concat(other.AcknowledgedIds).Concat(load.UnknownIds.Concat(other.UnknownIds)
            .Where(found.Contains))).ShouldBeTrue("the cluster has what was acknowledged, and nothing that was never sent");
        await Invariants.CheckAsync(keyspace);
        answers.ShouldBeGreaterThan(0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{found.Count} records, {answers} complete answers meanwhile");
    }

    [Theory(Explicit = true)]
    [InlineData(5, new[] { 1, 2, 3 })]
    [InlineData(60, new[] { 2 })]
    public async Task A_node_that_is_paused_costs_nothing(int seconds, int[] which)
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await using var server = await FaultServer.StartAsync(keyspace);
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        await load.AcknowledgedAsync(1_000);
        foreach (var paused in which)
        {
            await cluster.PauseAsync(paused);
            await Clock.WaitAsync(TimeSpan.FromSeconds(seconds));
            await cluster.ResumeAsync(paused);
            await load.AcknowledgedAsync(500);
        }

        await load.StopAsync();
        await server.SettleAsync();
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
    }

    [Fact(Explicit = true)]
    public async Task Without_a_majority_for_a_minute_senders_are_acknowledged_memory_is_bounded_and_everything_is_written_later()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await using var server = await FaultServer.StartAsync(keyspace);
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        await load.AcknowledgedAsync(1_000);
        await cluster.KillAsync(2);
        await cluster.KillAsync(3);
        var most = 0L;
        var before = load.Acknowledged;
        using (var second = new PeriodicTimer(TimeSpan.FromSeconds(1)))
        {
            for (var i = 0; i < 60; i++)
            {
                await second.WaitForNextTickAsync();
                most = Math.Max(most, server.Pipeline.UndeliveredBytes + server.Pipeline.WaitingBytes);
            }
        }

        var meanwhile = load.Acknowledged - before;
        meanwhile.ShouldBeGreaterThan(10_000);
        server.Pipeline.LeftInLogRecords.ShouldBeGreaterThan(0, "memory is full, and the write-ahead log holds the rest");
        most.ShouldBeLessThan(4 * FaultServer.MemoryBytes);
        await cluster.LaunchAsync(2);
        await cluster.LaunchAsync(3);
        await load.AcknowledgedAsync(500);
        await load.StopAsync();
        await server.SettleAsync();
        server.Pipeline.LeftInLogRecords.ShouldBe(0);
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
        TestContext.Current.TestOutputHelper?.WriteLine($"{meanwhile} records acknowledged meanwhile, at most {most} bytes in memory");
    }

    /// <summary>Counts again and again: a complete answer has at least what was in the cluster before the question.</summary>
    /// <returns>How many answers were complete.</returns>
    private static async Task<int> SearchAsync(FaultServer one, FaultServer two, CancellationToken stop)
    {
        var complete = 0;
        for (; !stop.IsCancellationRequested; await Clock.WaitAsync(TimeSpan.FromMilliseconds(100)))
        {
            var known = one.Pipeline.Counters.Live.Stored + two.Pipeline.Counters.Live.Stored;
            var query = QueryParser.Parse("* | count", new QueryContext { Now = DateTimeOffset.UtcNow.AddHours(1) });
            var answer = await WholeAnswer.OfAsync(one.Store, query, cancellationToken: CancellationToken.None);
            if (answer.End.Completeness.IsComplete)
            {
                ((long)answer.Groups.ShouldHaveSingleItem().Values[0]!).ShouldBeGreaterThanOrEqualTo(known);
                complete++;
            }
        }

        return complete;
    }
}
