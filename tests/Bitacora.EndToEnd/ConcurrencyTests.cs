using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Sixty_four_clients_ingest_while_eight_search_and_every_answer_is_whole()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"], "--set", "storage:segment_records=2000");
        var load = new Load("many");
        const int PerClient = 8;
        const int Lines = 25;
        var sending = Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < PerClient; i++)
            {
                (await load.SendAsync(server.Http, Lines, CancellationToken.None)).ShouldBeTrue();
            }
        })));

        var searching = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            do
            {
                // What was acknowledged before the question must be in its answer, once.
                var before = load.Acknowledged.Keys.ToHashSet();
                var stored = await Stored.IdsAsync(server.Http);
                var distinct = stored.ToHashSet();
                stored.Count.ShouldBe(distinct.Count);
                before.IsSubsetOf(distinct).ShouldBeTrue();
            }
            while (!sending.IsCompleted);
        })));

        await sending;
        await searching;
        load.Refusals.ShouldBeEmpty();
        load.Acknowledged.Count.ShouldBe(64 * PerClient * Lines);
        await Stored.ShouldHoldAsync(server.Http, load);
    }
}
