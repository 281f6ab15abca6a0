using System.Text;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Writing;
using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Cassandra.Tests.Writing;

public sealed class SliceTests
{
    private static readonly long _noon = RecordTime.From(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Each_record_is_in_one_slice_of_its_own_partition()
    {
        var group = GroupOf(Enumerable.Range(0, 3_000).Select(i => Record(i * 700L) with { Layer = (Layer)(i % 2) }));
        var slices = new SliceCutter(LayoutList.Default).Cut(group);

        slices.Sum(slice => slice.Rows.Count).ShouldBe(3_000);
        slices.SelectMany(slice => slice.Rows).Distinct().Count().ShouldBe(3_000);
        slices.Select(slice => slice.Id).Distinct().Count().ShouldBe(slices.Count);
        var partitioner = new Partitioner(LayoutList.Default);
        foreach (var slice in slices)
        {
            foreach (var row in slice.Rows)
            {
                var batch = group.Batches[row.Batch];
                batch[row.Index].Layer.ShouldBe(slice.Layer);
                partitioner.KeyOf(batch[row.Index], batch.Origins[batch[row.Index].OriginIndex]).ShouldBe(slice.Key);
            }
        }
    }

    [Fact]
    public void The_same_group_is_cut_alike_and_named_alike()
    {
        var group = GroupOf(Enumerable.Range(0, 1_200).Select(i => Record(i)));
        var first = new SliceCutter(LayoutList.Default).Cut(group);
        var again = new SliceCutter(LayoutList.Default).Cut(group);
        again.Select(slice => (slice.Id, slice.Key, slice.Rows.Count))
            .ShouldBe(first.Select(slice => (slice.Id, slice.Key, slice.Rows.Count)));
        first.ShouldAllBe(slice => slice.Id.Time == group.Timestamp * TimeSpan.TicksPerMicrosecond);

        group.Timestamp++;
        new SliceCutter(LayoutList.Default).Cut(group)[0].Id.ShouldNotBe(first[0].Id);
    }

    [Fact]
    public void Slices_have_at_most_250_rows_of_about_equal_length_and_128_kibibytes_and_a_longer_record_travels_alone()
    {
        var counts = new SliceCutter(LayoutList.Default).Cut(GroupOf(Enumerable.Range(0, 251).Select(Record)))
            .Select(slice => slice.Rows.Count);
        counts.ShouldBe([126, 125]);

        var large = GroupOf([Record(0), Record(1) with { Message = new string('x', 200_000) }, Record(2), Record(3)]);
        new SliceCutter(LayoutList.Default).Cut(large).Select(slice => slice.Rows.Count).ShouldBe([1, 1, 2]);
    }

    [Fact]
    public void A_manifest_counts_minutes_levels_sources_and_loggers()
    {
        var group = GroupOf(
        [
            Named(0, "shop", "a|b"), Named(1, "shop", "a|b"), Named(2, "", "x") with { Level = Level.Error },
            Named(TimeSpan.TicksPerMinute, "shop", "100%"), Named(3, "shop", "a|b"),
        ]);
        var manifest = ManifestOf(group);
        var counts = new Dictionary<string, int>();
        foreach (var (key, count) in manifest.Counts)
        {
            var parts = new ManifestBuilder.CountKey(key);
            var name = new byte[CountNames.MaxLength(key.Length)];
            var length = CountNames.Write(name, parts.Minute - (_noon / TimeSpan.TicksPerMinute), parts.Level, parts.Source, parts.Logger);
            counts.Add(Encoding.UTF8.GetString(name, 0, length), count);
        }

        counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).ShouldBe(
        [
            new("0|ERROR||x", 1), new("0|INFO|shop|a%7Cb", 3), new("1|INFO|shop|100%25", 1),
        ]);
        (manifest.Rows, manifest.Levels).ShouldBe((5, (byte)((1 << (int)Level.Info) | (1 << (int)Level.Error))));
        manifest.First.Time.ShouldBe(_noon);
        manifest.Last.Time.ShouldBe(_noon + TimeSpan.TicksPerMinute);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("shop", "a|b%|%25")]
    [InlineData("ñandú", "x.y.z")]
    public void A_key_of_counts_is_read_as_it_was_written(string source, string logger)
    {
        var key = new byte[CountNames.MaxLength(100)];
        var length = CountNames.Write(key, 29_000_000, Level.Critical, Encoding.UTF8.GetBytes(source), Encoding.UTF8.GetBytes(logger));
        CountNames.TryRead(key.AsSpan(0, length), out var minute, out var level, out var readSource, out var readLogger).ShouldBeTrue();
        (minute, level).ShouldBe((29_000_000L, Level.Critical));
        (Encoding.UTF8.GetString(readSource), Encoding.UTF8.GetString(readLogger)).ShouldBe((source, logger));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1|INFO|a")]
    [InlineData("1|INFO|a|b|c|d")]
    [InlineData("x|INFO|a|b")]
    [InlineData("1|LOUD|a|b")]
    public void A_key_of_counts_that_is_none_is_not_understood(string key) =>
        CountNames.TryRead(Encoding.UTF8.GetBytes(key), out _, out _, out _, out _).ShouldBeFalse();

    [Fact]
    public void More_kinds_than_a_manifest_keeps_are_not_counted_at_all()
    {
        var manifest = ManifestOf(GroupOf(Enumerable.Range(0, 257).Select(i => Named(i, $"source {i}", "x"))));
        manifest.Counts.IsOverfull.ShouldBeTrue();
        manifest.Counts.Count.ShouldBe(0);
        manifest.Rows.ShouldBe(257);
    }

    [Fact]
    public void Ids_are_hashes_in_ascending_order_behind_a_version()
    {
        var manifest = ManifestOf(GroupOf(
        [
            With(0, NamedField.RequestId, "r1"), With(1, NamedField.RequestId, "r1"), With(2, NamedField.Host, "R1"),
            With(3, NamedField.SpanId, "not kept"),
        ]));
        var ids = manifest.Ids().ToArray();
        ids[0].ShouldBe((byte)1);
        var hashes = Enumerable.Range(0, (ids.Length - 1) / 4)
            .Select(i => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(ids.AsSpan(1 + (i * 4))));
        hashes.ShouldBe(new[] { IdHash.Of(NamedField.RequestId, "r1"u8), IdHash.Of(NamedField.Host, "r1"u8) }.Order());
    }

    [Fact]
    public void Attributes_that_a_map_sorts_otherwise_keep_their_order_in_their_types()
    {
        var group = GroupOf(
        [
            Record(0) with
            {
                Attributes = [new("b", AttributeValue.From(1)), new("a", AttributeValue.From("x")), new("c", AttributeValue.From(-0.0))],
            },
            Record(1) with { Attributes = [new("a", AttributeValue.From(true)), new("b", AttributeValue.From(0.5))] },
        ]);
        var order = new AttributeOrder();
        order.Read(group.Batches[0][0]);
        Encoding.UTF8.GetString(order.Types).ShouldBe("lsz|1,0,2");
        order.Read(group.Batches[0][1]);
        Encoding.UTF8.GetString(order.Types).ShouldBe("bd");
    }

    [Fact]
    public void A_manifest_and_the_order_of_attributes_allocate_nothing_once_they_have_grown()
    {
        var group = GroupOf(Enumerable.Range(0, 400).Select(i => Named(i, "shop", "cart") with
        {
            Attributes = [new("path", AttributeValue.From("/")), new("amount", AttributeValue.From(i))],
        }));
        var (manifest, order) = (new ManifestBuilder(), new AttributeOrder());
        Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            Fill();
        }

        // The dictionaries' keys are made anew for each slice: a few kinds, whatever the number of rows.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10 * 1_000);

        void Fill()
        {
            manifest.Begin(IndexedText.For(isIndexed: false));
            foreach (var record in group.Batches[0])
            {
                manifest.Add(record);
                order.Read(record);
            }

            manifest.Ids();
        }
    }

    private static ManifestBuilder ManifestOf(RecordGroup group)
    {
        var manifest = new ManifestBuilder();
        manifest.Begin(IndexedText.For(isIndexed: false));
        foreach (var batch in group.Batches)
        {
            foreach (var record in batch)
            {
                manifest.Add(record);
            }
        }

        return manifest;
    }

    private static RecordGroup GroupOf(IEnumerable<TestRecord> records)
    {
        var group = new RecordGroup { Timestamp = 1_764_417_600_000_123 };
        _ = group.Add(new TestBatches(TimeProvider.System).Of(records), 1);
        return group;
    }

    private static TestRecord Record(int i) => new(_noon + i, $"message {i}");

    private static TestRecord Record(long milliseconds) => new(_noon + (milliseconds * RecordTime.Millisecond), "message");

    private static TestRecord Named(long ticks, string source, string logger) => new(_noon + ticks, "message")
    {
        Texts = new Dictionary<NamedField, string> { [NamedField.Source] = source, [NamedField.Logger] = logger },
    };

    private static TestRecord With(long ticks, NamedField field, string value) =>
        new(_noon + ticks, "message") { Texts = new Dictionary<NamedField, string> { [field] = value } };
}
