using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Tests.Partitioning;

public sealed class LayoutTests
{
    private static readonly long _noon = RecordTime.From(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_key_is_the_day_the_buckets_minute_and_the_shard()
    {
        var key = Layout.Default.KeyAt(_noon + (37 * TimeSpan.TicksPerMinute), 3);
        key.Date.ShouldBe(new DateOnly(2026, 11, 29));
        (key.Bucket, key.Shard).ShouldBe(((short)750, (short)3));
        key.Begin.ShouldBe(_noon + (30 * TimeSpan.TicksPerMinute));
        key.ToString().ShouldBe("2026-11-29 12:30/3");
        PartitionKey.Of(key.Date, key.Bucket, key.Shard).ShouldBe(key);
    }

    [Fact]
    public void The_event_time_chooses_the_layout_whatever_the_time_is_now()
    {
        var layouts = new LayoutList([new Layout(_noon, 5, 64)], []);
        layouts.At(Layer.Application, _noon - 1).ShouldBe(Layout.Default);
        layouts.At(Layer.Application, _noon).Shards.ShouldBe(64);
        layouts.At(Layer.Infrastructure, _noon).ShouldBe(Layout.Default);
    }

    [Fact]
    public void Buckets_of_a_range_come_newest_first_and_each_under_its_own_layout()
    {
        var layouts = new LayoutList([new Layout(_noon, 5, 2)], []);
        var range = new TimeRange(_noon - (16 * TimeSpan.TicksPerMinute), _noon + (6 * TimeSpan.TicksPerMinute));
        layouts.Buckets(Layer.Application, range)
            .Select(bucket => ((bucket.Begin - _noon) / TimeSpan.TicksPerMinute, (bucket.End - _noon) / TimeSpan.TicksPerMinute,
                bucket.Partitions.Count()))
            .ShouldBe([(5L, 10L, 2), (0L, 5L, 2), (-15L, 0L, 8), (-30L, -15L, 8)]);
    }

    [Fact]
    public void Every_time_of_a_range_is_in_exactly_one_bucket()
    {
        var random = new Random(7);
        var layouts = new LayoutList([new Layout(_noon, 1, 4), new Layout(_noon + (60 * TimeSpan.TicksPerMinute), 60, 1)], []);
        for (var i = 0; i < 1_000; i++)
        {
            var from = _noon + random.NextInt64(-RecordTime.Day / 8, RecordTime.Day / 8);
            var to = from + random.NextInt64(1, RecordTime.Day / 24);
            Bucket[] buckets = [.. layouts.Buckets(Layer.Application, new TimeRange(from, to))];
            var time = random.NextInt64(from, to);
            var key = layouts.At(Layer.Application, time).KeyAt(time, 0);
            buckets.Count(bucket => bucket.Partitions.Contains(key)).ShouldBe(1);
        }
    }

    [Fact]
    public void Runs_of_positions_stay_together_and_spread_over_shards()
    {
        var origin = new Origin((UInt128)42 << 1);
        Enumerable.Range(0, 64).Select(run => Partitioner.HashOfRun(origin, (ulong)run) % 8).Distinct().Count().ShouldBe(8);

        // Part of the stored format: a row's place must not change between versions.
        Partitioner.HashOfRun(origin, 7).ShouldBe(Hash60.Of([.. new byte[15], 84, .. new byte[7], 7]));
    }

    [Fact]
    public void The_hash_of_an_id_does_not_depend_on_case_and_does_on_the_field()
    {
        IdHash.Of(NamedField.RequestId, "ABC-1"u8).ShouldBe(IdHash.Of(NamedField.RequestId, "abc-1"u8));
        IdHash.Of(NamedField.RequestId, "abc-1"u8).ShouldNotBe(IdHash.Of(NamedField.TraceId, "abc-1"u8));

        // Part of the stored format (version 1): CRC-32C of the field's number and the folded text.
        IdHash.Of(NamedField.RequestId, "123456789"u8).ShouldBe(Crc("\u0003123456789"));
    }

    private static uint Crc(string text)
    {
        var crc = uint.MaxValue;
        foreach (var value in System.Text.Encoding.Latin1.GetBytes(text))
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return ~crc;
    }
}
