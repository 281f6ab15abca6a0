using System.Buffers.Binary;

namespace Bitacora.Records.Format;

/// <summary>
/// Turns untrusted bytes into a <see cref="RecordBatch"/>. Allocates only after a length was checked against the bytes at hand.
/// </summary>
internal static class BatchDecoder
{
    public static RecordBatch Decode(ReadOnlyMemory<byte> memory)
    {
        var bytes = memory.Span;
        if (bytes.Length < BatchLayout.Origins + BatchLayout.OriginSize + RecordLayout.HeaderSize + BatchLayout.ChecksumSize)
        {
            throw new RecordFormatException($"A batch of {bytes.Length} bytes is shorter than any batch.");
        }

        CheckHeader(bytes);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^BatchLayout.ChecksumSize..]);
        if (Crc32C.Of(bytes[..^BatchLayout.ChecksumSize]) != checksum)
        {
            throw new RecordFormatException("The batch's checksum does not match its bytes.");
        }

        var origins = ReadOrigins(bytes);
        int headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[BatchLayout.HeaderLength..]);
        var offsets = ReadRecords(bytes, headerLength, origins);
        CheckIdentity(bytes, offsets[0], origins);
        return new RecordBatch(memory, offsets, origins);
    }

    private static void CheckHeader(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != BatchLayout.MagicValue)
        {
            throw new RecordFormatException("The bytes do not begin with a batch's mark.");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[BatchLayout.Version..]);
        if (version is 0 or > BatchLayout.CurrentVersion)
        {
            throw new RecordFormatException(
                $"The batch has format version {version}; this program reads up to {BatchLayout.CurrentVersion}.");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[BatchLayout.TotalLength..]);
        if (length != (uint)bytes.Length || length > RecordBatch.MaxBytes)
        {
            throw new RecordFormatException(
                $"The batch says it has {length} bytes; there are {bytes.Length}, and at most {RecordBatch.MaxBytes} are allowed.");
        }
    }

    private static void CheckIdentity(ReadOnlySpan<byte> bytes, int firstRecord, BatchOrigin[] origins)
    {
        var firstTime = BinaryPrimitives.ReadInt64LittleEndian(bytes[(firstRecord + RecordLayout.Time)..]);
        var sender = new SenderId(BinaryPrimitives.ReadUInt64BigEndian(bytes[BatchLayout.Sender..]));
        if (RecordId.Read(bytes[BatchLayout.Id..]) != BatchIdentity.Of(firstTime, sender, origins))
        {
            throw new RecordFormatException("The batch's id is not that of its sender, origins and first record.");
        }
    }

    private static BatchOrigin[] ReadOrigins(ReadOnlySpan<byte> bytes)
    {
        int count = bytes[BatchLayout.OriginCount];
        int headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[BatchLayout.HeaderLength..]);
        var end = BatchLayout.Origins + (count * BatchLayout.OriginSize);
        if (bytes[BatchLayout.Reserved..BatchLayout.Origins].ContainsAnyExcept((byte)0))
        {
            throw new RecordFormatException("The batch's reserved bytes are not zero.");
        }

        if (count == 0 || headerLength != end || end > bytes.Length - BatchLayout.ChecksumSize)
        {
            throw new RecordFormatException($"The batch's header of {headerLength} bytes does not fit its {count} origins.");
        }

        var origins = new BatchOrigin[count];
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.Slice(BatchLayout.Origins + (i * BatchLayout.OriginSize), BatchLayout.OriginSize);
            origins[i] = new BatchOrigin(
                Origin.Read(entry),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[Origin.Size..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[(Origin.Size + sizeof(ulong))..]));
            if (origins[i].First >= origins[i].End)
            {
                throw new RecordFormatException("An origin in the batch covers no positions.");
            }

            for (var j = 0; j < i; j++)
            {
                if (origins[j].Origin == origins[i].Origin)
                {
                    throw new RecordFormatException("An origin stands in the batch twice.");
                }
            }
        }

        return origins;
    }

    private static int[] ReadRecords(ReadOnlySpan<byte> bytes, int headerLength, BatchOrigin[] origins)
    {
        var records = bytes[..^BatchLayout.ChecksumSize];
        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[BatchLayout.RecordCount..]);
        if (count == 0 || count > RecordBatch.MaxRecords || (long)count * RecordLayout.HeaderSize > records.Length - headerLength)
        {
            throw new RecordFormatException($"The batch says it has {count} records, which its bytes cannot hold.");
        }

        var offsets = new int[count];
        var offset = headerLength;
        long minTime = long.MaxValue, maxTime = long.MinValue;
        int levels = 0, layers = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            var rest = records[offset..];
            if (rest.Length < RecordLayout.HeaderSize)
            {
                throw new RecordFormatException($"Record {i} of the batch ends outside it.");
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            if (length < RecordLayout.HeaderSize || length > (uint)rest.Length)
            {
                throw new RecordFormatException($"Record {i} of the batch ends outside it.");
            }

            var record = rest[..(int)length];
            if (RecordValidator.FaultOf(record, origins) is { } fault)
            {
                throw new RecordFormatException($"Record {i} of the batch has {fault}.");
            }

            var time = BinaryPrimitives.ReadInt64LittleEndian(record[RecordLayout.Time..]);
            (minTime, maxTime) = (Math.Min(minTime, time), Math.Max(maxTime, time));
            levels |= 1 << record[RecordLayout.Level];
            layers |= 1 << record[RecordLayout.Layer];
            offsets[i] = offset;
            offset += (int)length;
        }

        if (offset != records.Length
            || minTime != BinaryPrimitives.ReadInt64LittleEndian(bytes[BatchLayout.MinTime..])
            || maxTime != BinaryPrimitives.ReadInt64LittleEndian(bytes[BatchLayout.MaxTime..])
            || levels != bytes[BatchLayout.LevelBits] || layers != bytes[BatchLayout.LayerBits])
        {
            throw new RecordFormatException("The batch's header does not agree with its records.");
        }

        return offsets;
    }
}
