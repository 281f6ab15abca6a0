using Bitacora.CassandraTests.Nodes;
using Bitacora.Query;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: records that live for seconds.</summary>
public sealed class FaultLifetimeTests(OrdinaryNode node)
{
    [Fact(Explicit = true)]
    public async Task Records_and_manifests_end_together_and_answers_become_empty_and_are_complete()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync(), timeToLive: TimeSpan.FromSeconds(5));
        await using var server = await FaultServer.StartAsync(keyspace);
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        await load.AcknowledgedAsync(1_000);
        await load.StopAsync();
        await server.Store.FlushAsync(CancellationToken.None);
        var first = await CountAsync(server);
        first.ShouldBeGreaterThan(0);
        for (var count = first; count > 0; count = await CountAsync(server))
        {
            count.ShouldBeLessThanOrEqualTo(load.Acknowledged + load.UnknownIds.Count());
            (await AskAsync(server, "level>=ERROR")).Records.Count.ShouldBeLessThan(load.Acknowledged);
            await Clock.WaitAsync(TimeSpan.FromMilliseconds(200));
        }

        (await AskAsync(server, "")).Records.ShouldBeEmpty();
        await FaultLoad.UntilAsync(() => server.Pipeline.Counters.Live.Pending == 0, () => $"{server.Pipeline.Counters.Live}");
        (await Invariants.IdsAsync(keyspace)).ShouldBeEmpty();
        (await Invariants.CheckAsync(keyspace)).ShouldBe(0);
        server.Pipeline.Counters.Live.Dead.ShouldBe(0);
    }

    private static async Task<long> CountAsync(FaultServer server)
    {
        var groups = (await AskAsync(server, "* | count")).Groups;
        return groups.Count == 0 ? 0 : (long)groups.ShouldHaveSingleItem().Values[0]!;
    }

    private static async Task<WholeAnswer> AskAsync(FaultServer server, string text)
    {
        var query = QueryParser.Parse(text, new QueryContext { Now = DateTimeOffset.UtcNow.AddMinutes(1) });
        var answer = await WholeAnswer.OfAsync(server.Store, query);
        answer.End.Completeness.IsComplete.ShouldBeTrue();
        return answer;
    }
}
