using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Tests.Schema;

public sealed class LayoutSizingTests
{
    [Theory]
    [InlineData(50, 1, 1, 60, 4)]
    [InlineData(50, 3, 3, 60, 4)]
    [InlineData(1_000, 3, 3, 15, 16)]
    [InlineData(10_000, 6, 3, 10, 64)]
    [InlineData(100_000, 30, 3, 5, 512)]
    [InlineData(1, 1, 1, 60, 4)]
    [InlineData(900, 1, 1, 15, 16)]
    public void A_rate_gives_the_longest_bucket_with_few_shards(int rate, int nodes, int replicas, int minutes, int shards) =>
        LayoutSizing.For(rate, nodes, replicas).ShouldBe(new Layout(0, minutes, shards));

    [Fact]
    public void Partitions_stay_below_forty_megabytes_while_buckets_can_be_shorter()
    {
        foreach (var rate in (int[])[1, 7, 50, 333, 1_000, 5_000, 20_000])
        {
            foreach (var nodes in (int[])[1, 3, 12])
            {
                var layout = LayoutSizing.For(rate, nodes, 3);
                var bytes = (double)rate * layout.BucketMinutes * 60 * LayoutSizing.BytesPerRecord / layout.Shards;
                bytes.ShouldBeLessThanOrEqualTo(LayoutSizing.BytesPerPartition, $"{rate} records a second on {nodes} nodes: {layout}");
            }
        }
    }

    [Fact]
    public void The_highest_rate_has_a_layout_that_every_version_reads() =>
        LayoutSizing.For(SchemaOptions.MaxRate, 1000, 3).Shards.ShouldBeLessThanOrEqualTo(Layout.MaxShards);

    [Fact]
    public void A_new_layout_begins_twenty_minutes_ahead_where_buckets_of_both_begin()
    {
        var now = At(10, 1);
        LayoutSizing.Begin(now, new Layout(0, 15, 8), new Layout(0, 60, 4)).ShouldBe(At(11, 0));
        LayoutSizing.Begin(now, new Layout(0, 10, 8), new Layout(0, 15, 4)).ShouldBe(At(10, 30));
        LayoutSizing.Begin(now, new Layout(0, 3, 8), new Layout(0, 5, 4)).ShouldBe(At(10, 30));
        LayoutSizing.Begin(At(10, 10), new Layout(0, 1, 8), new Layout(0, 1, 4)).ShouldBe(At(10, 30));
        LayoutSizing.Begin(At(10, 11), new Layout(0, 30, 8), new Layout(0, 1, 4)).ShouldBe(At(11, 0));
    }

    [Fact]
    public void A_new_layout_begins_behind_one_that_is_planned_already() =>
        LayoutSizing.Begin(At(10, 0), new Layout(At(12, 0), 15, 8), new Layout(0, 5, 4)).ShouldBe(At(12, 15));

    private static long At(int hour, int minute) =>
        (new DateTimeOffset(2026, 11, 29, hour, minute, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks;
}
