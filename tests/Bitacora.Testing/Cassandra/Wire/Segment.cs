using System.Buffers.Binary;

namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>
/// Protocol v5's checksummed outer frame, uncompressed: three bytes of length and flag, their CRC-24, the payload, its CRC-32;
/// all little-endian.
/// </summary>
internal static class Segment
{
    public const int HeaderLength = 6;
    public const int TrailerLength = 4;
    public const int MaxPayload = 131071;
    private const uint SelfContainedFlag = 1 << 17;

    /// <summary>Writes header and trailer around a payload that already stands at <see cref="HeaderLength"/>.</summary>
    public static void Seal(Span<byte> segment, bool selfContained)
    {
        var payload = segment[HeaderLength..^TrailerLength];
        WriteHeader(segment, payload.Length, selfContained);
        BinaryPrimitives.WriteUInt32LittleEndian(segment[^TrailerLength..], PayloadCrc.Of(payload));
    }

    /// <summary>A segment's header; false if its checksum is wrong or a reserved bit is set.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int payloadLength, out bool selfContained)
    {
        var word = Read24(header);
        payloadLength = (int)(word & MaxPayload);
        selfContained = (word & SelfContainedFlag) != 0;
        return Read24(header[3..]) == Crc24.Of(header[..3]) && word >> 18 == 0;
    }

    public static bool IsIntact(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> trailer) =>
        BinaryPrimitives.ReadUInt32LittleEndian(trailer) == PayloadCrc.Of(payload);

    private static void WriteHeader(Span<byte> header, int payloadLength, bool selfContained)
    {
        Write24(header, (uint)payloadLength | (selfContained ? SelfContainedFlag : 0));
        Write24(header[3..], Crc24.Of(header[..3]));
    }

    private static uint Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (uint)bytes[1] << 8 | (uint)bytes[2] << 16;

    private static void Write24(Span<byte> bytes, uint value)
    {
        bytes[0] = (byte)value;
        bytes[1] = (byte)(value >> 8);
        bytes[2] = (byte)(value >> 16);
    }
}
