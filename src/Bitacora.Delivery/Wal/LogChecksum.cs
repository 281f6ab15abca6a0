using System.Buffers.Binary;
using System.Numerics;

namespace Bitacora.Delivery.Wal;

/// <summary>CRC-32C of the log's short headers; batches guard themselves.</summary>
internal static class LogChecksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(uint))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            bytes = bytes[sizeof(uint)..];
        }

        return ~crc;
    }
}
