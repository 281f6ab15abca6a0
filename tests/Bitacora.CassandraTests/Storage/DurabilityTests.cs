using Bitacora.CassandraTests.Nodes;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>What must hold of rows and manifests whatever happened: each record once, and counts that are the rows'.</summary>
public sealed class DurabilityTests(OrdinaryNode node)
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Batches_that_come_again_after_a_restart_are_written_as_they_were()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        var directory = keyspace.NewDirectory();
        var batches = new TestBatches(TimeProvider.System);
        RecordBatch[] all = [.. Enumerable.Range(0, 20).Select(i => batches.Of(Records(i * 10, 10)))];
        await using (var first = await keyspace.OpenAsync(TimeProvider.System, directory, KeepUnsettled))
        {
            for (var i = 0; i < all.Length; i++)
            {
                await first.AppendAsync(all[i], (ulong)i + 1, CancellationToken.None);
                if (i % 7 == 6)
                {
                    await first.FlushAsync(CancellationToken.None);
                }
            }

            await first.FlushAsync(CancellationToken.None);
            first.DurableThrough.ShouldBe(0UL);
        }

        // As after a SIGKILL before the window was over: the write-ahead log has everything still, and gathers it otherwise.
        await using var second = await keyspace.OpenAsync(TimeProvider.System, directory, KeepUnsettled);
        for (var i = 0; i < all.Length; i++)
        {
            await second.AppendAsync(all[i], (ulong)i + 1, CancellationToken.None);
        }

        await second.FlushAsync(CancellationToken.None);
        (await Invariants.CheckAsync(keyspace)).ShouldBe(200);
        (await CountAsync(second)).ShouldBe(200);
    }

    [Fact]
    public async Task After_the_window_the_log_may_let_go_and_positions_are_known()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        var directory = keyspace.NewDirectory();
        var batches = new TestBatches(TimeProvider.System);
        await using (var store = await keyspace.OpenAsync(
            TimeProvider.System, directory, options => options with { ResendWindow = TimeSpan.Zero }))
        {
            for (var i = 1UL; i <= 3; i++)
            {
                await store.AppendAsync(batches.Of(Records((int)i, 5)), i, CancellationToken.None);
            }

            await store.WaitUntilDurableBeyondAsync(2, CancellationToken.None);
            store.DurableThrough.ShouldBe(3UL);
        }

        await using var again = await keyspace.OpenAsync(TimeProvider.System, directory);
        again.DurableThrough.ShouldBe(3UL);
        var positions = (await again.PositionsAsync(CancellationToken.None)).ShouldHaveSingleItem();
        positions.Origin.ShouldBe(batches.Origin);
        positions.Ranges.ShouldHaveSingleItem().End.ShouldBe(15UL);
    }

    [Fact]
    public async Task The_same_batch_from_two_servers_gives_single_rows()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        var batch = new TestBatches(TimeProvider.System).Of(Records(0, 30));
        await using var one = await keyspace.OpenAsync(TimeProvider.System);
        await using var two = await keyspace.OpenAsync(TimeProvider.System);
        await one.AppendAsync(batch, 1, CancellationToken.None);
        await two.AppendAsync(batch, 1, CancellationToken.None);
        await Task.WhenAll(one.FlushAsync(CancellationToken.None), two.FlushAsync(CancellationToken.None));

        (await Invariants.IdsAsync(keyspace)).Count.ShouldBe(30);
        var rows = await WholeAnswer.OfAsync(one, QueryParser.Parse("", new QueryContext { Now = _now.AddHours(1) }));
        rows.Records.Count.ShouldBe(30);
    }

    private static IEnumerable<TestRecord> Records(int first, int count) => Enumerable.Range(first, count).Select(
        i => new TestRecord(RecordTime.From(_now.AddSeconds(-i * 7)), $"message {i}")
        {
            Level = (Level)(i % Levels.Count),
            Layer = (Layer)(i % 2),
            Texts = new Dictionary<NamedField, string> { [NamedField.Source] = "shop", [NamedField.RequestId] = $"r{i / 8}" },
        });

    private static async Task<long> CountAsync(CassandraLogStore store)
    {
        var answer = await WholeAnswer.OfAsync(store, QueryParser.Parse("* | count", new QueryContext { Now = _now.AddHours(1) }));
        answer.End.Completeness.IsComplete.ShouldBeTrue();
        return (long)answer.Groups.ShouldHaveSingleItem().Values[0]!;
    }

    private static CassandraStoreOptions KeepUnsettled(CassandraStoreOptions options) =>
        options with { ResendWindow = TimeSpan.FromHours(1), GatherFor = TimeSpan.FromHours(1) };
}
