using System.Numerics;
using Bitacora.Records.Format;

namespace Bitacora.Records.Tests;

public class AllocationTests
{
    [Fact]
    public void Writing_a_record_allocates_nothing()
    {
        var builder = Batches.Builder();
        var index = builder.AddOrigin(Batches.Numbers);
        for (ulong i = 0; i < 3000; i++)
        {
            Write(builder, index, i);
        }

        builder.Clear();
        index = builder.AddOrigin(Batches.Numbers);
        Write(builder, index, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 1; i < 2000; i++)
        {
            Write(builder, index, i);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Reading_a_record_allocates_nothing()
    {
        var builder = Batches.Builder();
        var index = builder.AddOrigin(Batches.Numbers);
        for (ulong i = 0; i < 1000; i++)
        {
            Write(builder, index, i);
        }

        var batch = builder.Freeze();
        var needle = new FoldedNeedle("PAID");
        var greek = new FoldedNeedle("ΣΊΣΥΦΟΣ");
        var hits = Read(batch, needle, greek);
        var before = GC.GetAllocatedBytesForCurrentThread();
        hits += Read(batch, needle, greek);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        hits.ShouldBe(4000);
    }

    [Fact]
    public void A_checksum_is_Castagnolis()
    {
        Crc32C.Of("123456789"u8).ShouldBe(0xE3069283);
        Crc32C.Of([]).ShouldBe(0u);
    }

    [Fact]
    public void A_checksum_is_the_same_however_long_the_bytes_are()
    {
        var bytes = new byte[10_000];
        new Random(7).NextBytes(bytes);
        var expected = uint.MaxValue;
        for (var length = 0; length < bytes.Length; length++)
        {
            Crc32C.Of(bytes.AsSpan(0, length)).ShouldBe(~expected);
            expected = BitOperations.Crc32C(expected, bytes[length]);
        }
    }

    private static void Write(RecordBatchBuilder builder, int index, ulong position)
    {
        var record = builder.Begin();
        record.Level = Level.Error;

        // Every third time cannot be, every fifth text is not UTF-8: those ways must be as free of garbage as the others.
        record.SetTime(position % 3 == 0 ? -1 : Batches.Noon);
        record.SetText(NamedField.Message, position % 5 == 0 ? [0xFF, 0x61] : "order 17 paid, σίσυφος"u8);
        record.SetText(NamedField.Source, "shop ñ");
        record.SetText(NamedField.Logger, "shop.orders"u8);
        record.SetDuration(1.5);
        record.AddAttribute("a"u8, 1L);
        record.AddAttribute("b"u8, 1.5);
        record.AddAttribute("c"u8, true);
        record.AddAttribute("d"u8, "text"u8);
        record.TryCommit(index, position).ShouldBeTrue();
    }

    private static int Read(RecordBatch batch, FoldedNeedle needle, FoldedNeedle greek)
    {
        Span<byte> scratch = stackalloc byte[ValueText.MaxLength];
        var hits = 0;
        foreach (var record in batch)
        {
            hits += needle.IsIn(record.Message) || record.Message[0] == 0xEF ? 1 : 0;
            hits += record.Id.IsValid &&
                record.Text(NamedField.Logger).Length == 11 && record.TryGetDuration(out var d) && d == 1.5 ? 1 : 0;
            _ = greek.IsIn(record.Message);
            foreach (var attribute in record.Attributes)
            {
                hits += attribute.Text(scratch).IsEmpty ? 1 : 0;
            }
        }

        return hits;
    }
}
