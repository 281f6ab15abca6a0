using System.Buffers.Binary;
using Bitacora.Records.Format;
using CsCheck;

namespace Bitacora.Records.Tests;

public class BatchFuzzTests
{
    [Fact]
    public void A_mutated_batch_gives_a_value_or_one_exception_type() => Fuzz(20_000);

    [Fact(Explicit = true)]
    public void A_mutated_batch_gives_a_value_or_one_exception_type_a_million_times() => Fuzz(1_000_000);

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "version-1-everything.bin"));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<RecordFormatException>(() => RecordBatch.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        RecordBatch.Read(bytes).Count.ShouldBe(3);
    }

    [Fact]
    public void Every_cut_is_found()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "version-1-everything.bin"));
        for (var length = 0; length < bytes.Length; length++)
        {
            Should.Throw<RecordFormatException>(() => RecordBatch.Read(bytes.AsMemory(0, length)));
        }

        Should.Throw<RecordFormatException>(() => RecordBatch.Read(new byte[RecordBatch.MaxBytes + 1]));
    }

    /// <summary>Mutates real batches and mends their checksums, so that what lies behind it is reached.</summary>
    private static void Fuzz(long cases)
    {
        // Warm, so that only what the bytes ask for is measured below.
        RoundTrip.Records.Array[1, 4].Select(Encode).Sample(bytes => ReadAll(RecordBatch.Read(bytes)), iter: 10, threads: 1);
        var read = 0;
        Gen.Select(RoundTrip.Records.Array[1, 4].Select(Encode), Mutations).Sample(
            (bytes, mutations) =>
            {
                foreach (var (place, kind, value) in mutations)
                {
                    bytes = Mutate(bytes, place, kind, value);
                }

                if (bytes.Length > BatchLayout.ChecksumSize)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^4), Crc32C.Of(bytes.AsSpan(..^4)));
                }

                var before = GC.GetAllocatedBytesForCurrentThread();
                RecordBatch? batch = null;
                try
                {
                    batch = RecordBatch.Read(bytes);
                }
                catch (RecordFormatException)
                {
                }

                // Tables of offsets and origins, at most 40 bytes for the smallest record; an exception with its trace.
                (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(40_000 + (4L * bytes.Length));
                if (batch is not null)
                {
                    Interlocked.Increment(ref read);
                    ReadAll(batch);
                }
            },
            iter: cases);
        read.ShouldBeGreaterThan(0);
    }

    private static readonly Gen<(int Place, int Kind, int Value)[]> Mutations =
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 6], Gen.OneOf(Gen.Int[0, 3], Gen.Int[250, 260], Gen.Int)).Array[1, 3];

    private static byte[] Mutate(byte[] bytes, int place, int kind, int value)
    {
        if (bytes.Length < 8)
        {
            return bytes;
        }

        var at = place % (bytes.Length - 4);
        switch (kind)
        {
            case 0:
                bytes[at] = (byte)value;
                break;
            case 1:
                bytes[at] ^= (byte)(1 << (value & 7));
                break;
            case 2:
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
                break;
            case 3:
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);
                break;
            case 4:
                return WithLength([.. bytes[..at], .. bytes[(at + Math.Min(Math.Abs(value % 50), bytes.Length - 4 - at))..]]);
            case 5:
                return WithLength([.. bytes[..at], .. new byte[Math.Abs(value % 50)], .. bytes[at..]]);
            default:
                // A field of the first record or of the header, where lengths and counts stand.
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((place % 40 * 4) % (bytes.Length - 4)), value);
                break;
        }

        return bytes;
    }

    private static byte[] WithLength(byte[] bytes)
    {
        if (bytes.Length > BatchLayout.RecordCount)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(BatchLayout.TotalLength), bytes.Length);
        }

        return bytes;
    }

    private static byte[] Encode(LogRecord[] records)
    {
        var builder = Batches.Builder();
        for (var i = 0; i < records.Length; i++)
        {
            RoundTrip.Write(builder, records[i], builder.AddOrigin(new Origin((UInt128)(i % 2))), (ulong)i);
        }

        return builder.Freeze().Bytes.ToArray();
    }

    private static void ReadAll(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            record.ToLogRecord().Id.ShouldBe(record.Id);
        }
    }
}
