using Bitacora.CassandraTests.Nodes;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: a layout that begins under load, with a server that has not heard of it.</summary>
public sealed class FaultLayoutTests(OrdinaryNode node)
{
    [Fact(Explicit = true)]
    public async Task A_server_whose_layouts_are_old_waits_and_writes_by_the_new_ones_when_it_knows_them()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        var now = DateTimeOffset.UtcNow;
        var time = now.AddHours(-3);
        var clock = new StuckClock();
        await using var stale = await FaultServer.StartAsync(
            keyspace, time: clock,
            change: options => options with { LearnEvery = TimeSpan.FromHours(1), ResendWindow = TimeSpan.FromSeconds(2) });
        await using var load = new FaultLoad(stale.AcceptAsync) { Time = () => time }.Start();
        await load.AcknowledgedAsync(500);

        // Real ones begin twenty minutes after they are made, so that nobody knows a list of five minutes ago and has records for the new.
        var begin = Layout.Default.BucketBegin(RecordTime.From(now.AddHours(-2)));
        var layouts = new[] { new Layout(0, 15, 8), new Layout(begin, 5, 3) };
        foreach (var layer in new[] { "application", "infrastructure" })
        {
            await keyspace.Session.QueryAsync(
                $"INSERT INTO {keyspace.Name}.layouts (layer, valid_from, bucket_minutes, shards, made_by) " +
                $"VALUES ('{layer}', {begin / RecordTime.Millisecond}, 5, 3, 'test')");
        }

        clock.PutOn(TimeSpan.FromMinutes(6));
        await using var informed = await FaultServer.StartAsync(
            keyspace, change: options => options with { ResendWindow = TimeSpan.FromSeconds(2) });
        await using var other = new FaultLoad(informed.AcceptAsync) { Time = () => time }.Start();
        await FaultLoad.UntilAsync(IsWaiting, () => string.Join('\n', stale.Says.Lines));
        time = now.AddHours(-1);
        await Task.WhenAll(load.AcknowledgedAsync(1_000), other.AcknowledgedAsync(1_000));
        await FaultLoad.UntilAsync(
            () => informed.Pipeline.Counters.Live.Stored >= 1_000, () => $"{informed.Pipeline.Counters.Live}");
        stale.Pipeline.Counters.Live.Pending.ShouldBeGreaterThanOrEqualTo(1_000, "it must not write by its old list");
        await Invariants.CheckAsync(keyspace, new LayoutList(layouts, layouts));

        clock.LetGo();
        await load.StopAsync();
        await other.StopAsync();
        await stale.SettleAsync();
        await informed.SettleAsync();
        await Invariants.CheckAsync(keyspace, new LayoutList(layouts, layouts));
        var ids = await Invariants.IdsAsync(keyspace);
        load.AcknowledgedIds.Concat(other.AcknowledgedIds).Except(ids).ShouldBeEmpty();

        bool IsWaiting() => stale.Says.Lines.Any(line => line.Contains("nothing is written until", StringComparison.Ordinal));
    }
}
