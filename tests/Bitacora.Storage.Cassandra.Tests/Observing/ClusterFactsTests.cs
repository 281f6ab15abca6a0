using Bitacora.Cql;
using Bitacora.Testing.Cassandra;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Cassandra.Tests.Observing;

public sealed class ClusterFactsTests : IAsyncLifetime
{
    private const string Now = "SELECT toUnixTimestamp(now()) FROM system.local";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private FakeCluster? _cluster;
    private CqlSession? _session;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = FakeCluster.Start(2);
        foreach (var node in _cluster.Nodes)
        {
            Say(node, "periodic", "1000ms");
            Offset(node, TimeSpan.Zero);
        }

        _session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [$"{_cluster[0].EndPoint}"] });
        foreach (var node in _cluster.Nodes)
        {
            // Until there is a connection to it.
            await _session.QueryAsync("Q", new CqlRequestOptions { Node = node.Identity.HostId }, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _session!.DisposeAsync();
        await _cluster!.DisposeAsync();
    }

    [Fact]
    public async Task The_least_careful_node_decides()
    {
        Say(_cluster![0], "group", "15s");
        Say(_cluster[1], "periodic", "1000ms");
        (await ReadAsync()).CommitLog.ShouldBe(new CommitLogReport("periodic", 1000));
        Say(_cluster[0], "periodic", "15s");
        var facts = await ReadAsync();
        facts.CommitLog.ShouldBe(new CommitLogReport("periodic", 15_000));
        facts.ResendWindow.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_node_that_says_nothing_known_counts_as_careless_and_the_window_is_the_least()
    {
        Say(_cluster![0], "someday", "1000ms");
        Say(_cluster[1], "batch", "1000ms");
        var facts = await ReadAsync();
        facts.CommitLog.ShouldBe(new CommitLogReport("someday", null));
        facts.CommitLog.KeepsAcknowledged.ShouldBeFalse();
        facts.ResendWindow.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_offset_is_the_median_with_half_the_way_there_and_back_subtracted()
    {
        // The cluster is 250 ms ahead in the middle of each reading; two readings of five are slow one way, and off by as much.
        var readings = new Queue<(int Before, int Behind)>([(20, 20), (900, 0), (10, 10), (0, 800), (15, 15)]);
        foreach (var node in _cluster!.Nodes)
        {
            node.On(request => request.Cql == Now, _ =>
            {
                var (before, behind) = readings.Dequeue();
                _clock.Advance(TimeSpan.FromMilliseconds(before));
                var reply = Time(_clock.GetUtcNow() + TimeSpan.FromMilliseconds(250));
                _clock.Advance(TimeSpan.FromMilliseconds(behind));
                return reply;
            });
        }

        var facts = await ReadAsync();
        facts.ClockOffset.ShouldBe(TimeSpan.FromMilliseconds(250));
        facts.RoundTrip.ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(40));
    }

    [Fact]
    public async Task A_cluster_that_is_behind_has_a_negative_offset_and_each_version_is_named_once()
    {
        foreach (var node in _cluster!.Nodes)
        {
            Offset(node, TimeSpan.FromSeconds(-90));
        }

        var facts = await ReadAsync();
        facts.ClockOffset.ShouldBe(TimeSpan.FromSeconds(-90));
        facts.ReleaseVersions.ShouldBe(["5.0.6"]);
    }

    private static FakeReply Time(DateTimeOffset time) => FakeReply.Rows(
        [new FakeColumn("system.tounixtimestamp(system.now())", FakeType.BigInt)], [FakeValue.BigInt(time.ToUnixTimeMilliseconds())]);

    private void Offset(FakeNode node, TimeSpan offset) =>
        node.On(request => request.Cql == Now, _ => Time(_clock.GetUtcNow() + offset));

    private static void Say(FakeNode node, string sync, string period) => node.On(
        request => request.Cql?.Contains("system_views.settings", StringComparison.Ordinal) == true,
        _ => FakeReply.Rows(
            [new FakeColumn("name", FakeType.Text), new FakeColumn("value", FakeType.Text)],
            [FakeValue.Text("commitlog_sync"), FakeValue.Text(sync)],
            [FakeValue.Text("commitlog_sync_period"), FakeValue.Text(period)],
            [FakeValue.Text("commitlog_sync_group_window"), FakeValue.Text(period)]));

    private Task<ClusterFacts> ReadAsync() => ClusterFacts.ReadAsync(_session!, _clock, Cancel);
}
