using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Hashing;

namespace Bitacora.Cql.Frames;

/// <summary>
/// v5's outer frame, uncompressed: six bytes of header, payload, four bytes of checksum; little-endian, unlike all else. Bit 18 to 23 of
/// the header are zero; the variant with LZ4 has another header, which is negotiated, not recognised.
/// </summary>
internal static class OuterFrame
{
    public const int HeaderSize = 6;
    public const int TrailerSize = 4;
    public const int MaxPayload = 131071;
    public const int MaxSize = HeaderSize + MaxPayload + TrailerSize;

    private const int SelfContainedBit = 1 << 17;

    /// <summary>What the payload's CRC32 is fed before the payload, as it lies in memory.</summary>
    private const uint Crc32Prefix = 0xCA552DFA;

    /// <summary>Puts header and checksum around the payload that lies at <see cref="HeaderSize"/>.</summary>
    public static void Seal(Span<byte> frame, bool selfContained)
    {
        var length = frame.Length - HeaderSize - TrailerSize;
        Debug.Assert(length is >= 0 and <= MaxPayload);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(HeaderSize + length)..], PayloadChecksum(frame, length));
        var header = length | (selfContained ? SelfContainedBit : 0);
        Write24(frame, header);
        Write24(frame[3..], Crc24.Compute(frame[..3]));
    }

    /// <summary>Reads and verifies the first six bytes.</summary>
    public static (int Length, bool SelfContained) OpenHeader(ReadOnlySpan<byte> frame)
    {
        var expected = Crc24.Compute(frame[..3]);
        var found = Read24(frame[3..]);
        if (expected != found)
        {
            throw new CqlProtocolException($"a frame's header is corrupt: its checksum is {expected:x6}, it says {found:x6}");
        }

        var header = Read24(frame);
        if (header >> 18 != 0)
        {
            throw new CqlProtocolException($"a frame's header has unknown bits: {header:x6}");
        }

        return (header & MaxPayload, (header & SelfContainedBit) != 0);
    }

    /// <summary>Verifies the payload. Overwrites the header, which must have been read before.</summary>
    public static void CheckPayload(Span<byte> frame, int length)
    {
        var expected = PayloadChecksum(frame, length);
        var found = BinaryPrimitives.ReadUInt32LittleEndian(frame[(HeaderSize + length)..]);
        if (expected != found)
        {
            throw new CqlProtocolException($"a frame of {length} bytes is corrupt: its checksum is {expected:x8}, it says {found:x8}");
        }
    }

    /// <summary>
    /// The prefix is laid over the header's last four bytes, so that one pass over contiguous memory gives the checksum: no state, no
    /// allocation, and the vectorised path also for small frames.
    /// </summary>
    private static uint PayloadChecksum(Span<byte> frame, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(HeaderSize - sizeof(uint))..], Crc32Prefix);
        return Crc32.HashToUInt32(frame.Slice(HeaderSize - sizeof(uint), sizeof(uint) + length));
    }

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    private static void Write24(Span<byte> bytes, int value)
    {
        bytes[0] = (byte)value;
        bytes[1] = (byte)(value >> 8);
        bytes[2] = (byte)(value >> 16);
    }
}
