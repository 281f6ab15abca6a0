using CsCheck;

namespace Bitacora.Records.Tests;

public class RoundTripTests
{
    [Fact]
    public void Every_field_and_attribute_comes_back_from_the_bytes() =>
        RoundTrip.Records.Array[1, 8].Sample(
            records =>
            {
                var builder = Batches.Builder();
                for (var i = 0; i < records.Length; i++)
                {
                    RoundTrip.Write(builder, records[i], builder.AddOrigin(new Origin((UInt128)(i % 3))), (ulong)i);
                }

                var frozen = builder.Freeze();
                var batch = RecordBatch.Read(frozen.Bytes);
                batch.Count.ShouldBe(records.Length);
                batch.Id.ShouldBe(frozen.Id);
                batch.MinTime.ShouldBe(records.Min(record => record.Time));
                batch.MaxTime.ShouldBe(records.Max(record => record.Time));
                batch.LevelBits.ShouldBe((byte)records.Aggregate(0, (bits, record) => bits | (1 << (int)record.Level)));
                batch.LayerBits.ShouldBe((byte)records.Aggregate(0, (bits, record) => bits | (1 << (int)record.Layer)));
                var read = 0;
                foreach (var reader in batch)
                {
                    Compare(reader, records[read]);
                    reader.Position.ShouldBe((ulong)read);
                    batch.Origins[reader.OriginIndex].Origin.ShouldBe(new Origin((UInt128)(read % 3)));
                    reader.Id.ShouldBe(
                        RecordId.Create(reader.Time, Hash60.OfOrigin(new Origin((UInt128)(read % 3)), Batches.Sender) + (ulong)read));
                    read++;
                }
            },
            iter: 1000);

    private static void Compare(RecordReader reader, LogRecord expected)
    {
        var record = reader.ToLogRecord();
        record.Time.ShouldBe(expected.Time);
        record.Level.ShouldBe(expected.Level);
        record.Layer.ShouldBe(expected.Layer);
        record.DurationMs.ShouldBe(expected.DurationMs);
        for (var field = NamedField.Source; field <= NamedField.Template; field++)
        {
            record.Text(field).ShouldBe(expected.Text(field));
        }

        record.Attributes.ShouldBe(expected.Attributes);
        Span<byte> scratch = stackalloc byte[ValueText.MaxLength];
        foreach (var (name, value) in expected.Attributes)
        {
            reader.TryGetAttribute(Batches.Utf8(name), out var attribute).ShouldBeTrue();
            attribute.Text(scratch).SequenceEqual(Batches.Utf8(value.Text)).ShouldBeTrue();
        }

        reader.TryGetAttribute("not there"u8, out _).ShouldBeFalse();
    }
}
