namespace Bitacora.Records.Tests;

/// <summary>
/// Files of every version that was ever written, made by Golden/write_version_1.py, which follows docs/record-format.md and shares no
/// code with the product. They are never changed: a reader that cannot read them cannot read users' data.
/// </summary>
public class GoldenFileTests
{
    [Fact]
    public void Version_1_with_every_field_is_read_as_it_was_written()
    {
        var batch = Read("version-1-everything.bin");
        batch.Sender.ShouldBe(Batches.Sender);
        batch.Count.ShouldBe(3);
        batch.LevelBits.ShouldBe((byte)0b110100);
        batch.LayerBits.ShouldBe((byte)0b11);
        batch.MinTime.ShouldBe(0);
        batch.MaxTime.ShouldBe(253402300799999999);
        batch.Origins.ToArray().ShouldBe(
        [
            new(Batches.Numbers, 0, 7),
            new(new Origin(new UInt128(0xFFEEDDCCBBAA9988, 0x7766554433221101)), 123456000, 1UL << 60),
        ]);

        var first = batch[0].ToLogRecord();
        first.Id.ToString().ShouldBe("00000000-0000-7000-8c9f-2f976689e8c3");
        first.Message.ShouldBeNull();
        first.Attributes.ShouldBeEmpty();

        var second = batch[1].ToLogRecord();
        second.Id.ToString().ShouldBe("018f3422-2943-7475-b1e1-211d000df26c");
        second.Time.ShouldBe(Batches.Noon);
        second.Level.ShouldBe(Level.Error);
        second.Layer.ShouldBe(Layer.Infrastructure);
        second.Message.ShouldBe("Größe über Ωmega 😀");
        second.Traceback.ShouldBe("Traceback (most recent call last):\n  File \"x.py\", line 1\nValueError: \0");
        second.Template.ShouldBe("Größe über {name}");
        string?[] texts =
        [
            second.Source, second.Logger, second.Host, second.RequestId, second.UserId, second.SessionId, second.TraceId, second.SpanId,
        ];
        texts.ShouldBe(["shop", "shop.orders", "web-1", "r-1", "42", "s", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"]);
        second.DurationMs.ShouldBe(0.5);
        second.Attributes.ShouldBe(
        [
            new("text", AttributeValue.From("ñandú")), new("empty", AttributeValue.From("")),
            new("least", AttributeValue.From(long.MinValue)), new("most", AttributeValue.From(long.MaxValue)),
            new("double", AttributeValue.From(1e21)), new("minus zero", AttributeValue.From(-0.0)),
            new("true", AttributeValue.From(true)), new("false", AttributeValue.From(false)),
        ]);

        var third = batch[2].ToLogRecord();
        third.Id.ToString().ShouldBe("170bfb69-95ff-79c3-b1e1-211cf8b22556");
        third.Message.ShouldBe(new string('x', 300));
        third.DurationMs.ShouldBe(-1);
    }

    [Fact]
    public void Version_1_at_its_smallest_is_read_as_it_was_written()
    {
        var batch = Read("version-1-smallest.bin");
        batch.Bytes.Length.ShouldBe(140);
        batch.Sender.ShouldBe(SenderId.None);
        batch.Origins.ToArray().ShouldBe([new(default, 5, 6)]);
        batch[0].Id.ToString().ShouldBe("018f3422-2943-7475-b9d9-08ecfb6b2572");
        batch[0].Level.ShouldBe(Level.Trace);
    }

    [Theory]
    [InlineData("version-1-everything.bin")]
    [InlineData("version-1-smallest.bin")]
    public void The_writer_writes_the_same_bytes(string file)
    {
        var golden = Read(file);
        var builder = new RecordBatchBuilder(golden.Sender, RecordLimits.Default with { FutureTolerance = TimeSpan.Zero }, new EndOfTime());
        foreach (var origin in golden.Origins)
        {
            builder.Cover(builder.AddOrigin(origin.Origin), origin.First, origin.End);
        }

        foreach (var record in golden)
        {
            RoundTrip.Write(builder, record.ToLogRecord(), record.OriginIndex, record.Position);
        }

        builder.Freeze().Bytes.ToArray().ShouldBe(golden.Bytes.ToArray());
    }

    [Fact]
    public void A_newer_version_is_refused_and_named()
    {
        var bytes = File.ReadAllBytes(PathOf("version-1-smallest.bin"));
        bytes[4] = 2;
        Should.Throw<RecordFormatException>(() => RecordBatch.Read(bytes)).Message.ShouldContain("version 2");
    }

    private static RecordBatch Read(string file) => RecordBatch.Read(File.ReadAllBytes(PathOf(file)));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", file);

    private sealed class EndOfTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.MaxValue;
    }
}
