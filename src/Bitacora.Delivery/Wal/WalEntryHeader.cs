using System.Buffers.Binary;
using Bitacora.Records;

namespace Bitacora.Delivery.Wal;

/// <summary>What stands before each batch in the log. Specified in <c>docs/wal-format.md</c>.</summary>
/// <param name="Marker">The file's marker.</param>
/// <param name="Sequence">The batch's number.</param>
/// <param name="Arrival">When it was written, in units of 100 ns since 1970.</param>
/// <param name="Length">The batch's bytes.</param>
internal readonly record struct WalEntryHeader(ulong Marker, ulong Sequence, long Arrival, int Length)
{
    public const int Size = 32;
    private const int SequenceOffset = 8;
    private const int ArrivalOffset = 16;
    private const int LengthOffset = 24;
    private const int Checksum = 28;

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Marker);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[SequenceOffset..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[ArrivalOffset..], Arrival);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[LengthOffset..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Checksum..], LogChecksum.Of(bytes[..Checksum]));
    }

    /// <summary>Reads a header whose checksum is right and whose length is possible.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WalEntryHeader header)
    {
        header = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes[Checksum..]) != LogChecksum.Of(bytes[..Checksum]))
        {
            return false;
        }

        header = new WalEntryHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[SequenceOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[ArrivalOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthOffset..]));
        return header.Length is > 0 and <= RecordBatch.MaxBytes && header.Sequence > 0;
    }
}
