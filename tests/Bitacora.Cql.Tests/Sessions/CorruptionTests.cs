using Bitacora.Testing.Cassandra;
using Bitacora.Testing.Cassandra.Proxy;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>
/// Sessions through a proxy that damages, delays, repeats and loses bytes: whatever it does, nothing hangs and nothing is invented.
/// </summary>
public class CorruptionTests
{
    private static readonly FaultKind[] All =
        [FaultKind.Corrupt, FaultKind.Drop, FaultKind.Duplicate, FaultKind.Cut, FaultKind.Delay];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task Every_request_ends_once_and_what_was_acknowledged_was_received(int seed) => TroubledAsync(seed, requests: 400);

    [Fact(Explicit = true)]
    public async Task Every_request_ends_once_under_a_hundred_more_seeds()
    {
        for (var seed = 100; seed < 200; seed++)
        {
            await TroubledAsync(seed, requests: 400);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whatever_pieces_the_network_makes_the_answers_are_whole(int version)
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Tables["ks.t"] = FakeCluster.Table(
            [.. Enumerable.Range(0, 300).Select(id => new[] { FakeValue.Int(id), FakeValue.Text($"row {id}") })]);
        await using var proxy = FaultProxy.Start(cluster.Node.EndPoint);
        proxy.ToClient = proxy.ToNode = new() { LargestSlice = 3 };
        cluster.Node.Identity = cluster.Node.Identity with { EndPoint = proxy.EndPoint };
        await using var session = await cluster.ConnectAsync(options => options with
        {
            ContactPoints = [$"{proxy.EndPoint}"],
            MaxProtocolVersion = version,
        });
        using var result = await session.QueryAsync(FakeCluster.Select);
        var id = 0;
        foreach (var row in result)
        {
            row[1].GetText().ShouldBe($"row {id++}");
        }

        id.ShouldBe(300);
    }

    private static async Task TroubledAsync(int seed, int requests)
    {
        // The node takes damaged bytes for a client's violation, rightly: it is not asked for them here.
        await using var node = FakeNode.Start();
        node.Tables["ks.t"] = FakeCluster.Table([]);
        await using var proxy = FaultProxy.Start(node.EndPoint, seed);
        node.Identity = node.Identity with { EndPoint = proxy.EndPoint };
        await using var session = await CqlSession.ConnectAsync(new()
        {
            ContactPoints = [$"{proxy.EndPoint}"],
            ConnectTimeout = TimeSpan.FromSeconds(1),
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(200),
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
        });
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        proxy.ToClient = proxy.ToNode = new()
        {
            Kinds = All,
            MeanDistance = 3_000,
            FirstAfter = 500,
            LargestSlice = 700,
            Delay = TimeSpan.FromMilliseconds(5),
        };
        proxy.CutAll();

        var options = new CqlRequestOptions { IsIdempotent = true, Timeout = TimeSpan.FromSeconds(3) };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, requests).Select(id => OutcomeAsync(session, insert, id, options)))
            .WaitAsync(FakeCluster.Patience);

        var received = node.Requests.Of(MessageKind.Execute).Select(request => request.Values[0].AsInt()).ToHashSet();
        outcomes.Index().Where(outcome => outcome.Item is null).Select(outcome => outcome.Index).ShouldBeSubsetOf(received);
        outcomes.Where(outcome => outcome is not null).ShouldAllBe(outcome => outcome is CqlException);

        proxy.ToClient = proxy.ToNode = FaultPlan.None;
        proxy.CutAll();
        await session.ExecuteAsync(insert, new Person(-1, ""), options with { Timeout = FakeCluster.Patience });
    }

    private static async Task<Exception?> OutcomeAsync(CqlSession session, PreparedStatement insert, int id, CqlRequestOptions options)
    {
        try
        {
            await session.ExecuteAsync(insert, new Person(id, new string('x', 50)), options);
            return null;
        }
        catch (CqlException failure)
        {
            return failure;
        }
    }
}
