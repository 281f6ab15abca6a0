using System.Buffers.Binary;

namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>The checksum of a segment's payload: zlib's CRC-32 that has been fed <c>FA 2D 55 CA</c> first.</summary>
internal static class PayloadCrc
{
    private const uint Reflected = 0xEDB88320;
    private static readonly uint[][] Tables = BuildTables();
    private static readonly uint Start = Continue(uint.MaxValue, [0xFA, 0x2D, 0x55, 0xCA]);

    public static uint Of(ReadOnlySpan<byte> payload) => ~Continue(Start, payload);

    // Eight bytes a step: byte by byte, the checksum would cost a benchmark's node more than all else it does.
    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Tables[7][low & 0xFF] ^ Tables[6][low >> 8 & 0xFF] ^ Tables[5][low >> 16 & 0xFF] ^ Tables[4][low >> 24] ^
                Tables[3][high & 0xFF] ^ Tables[2][high >> 8 & 0xFF] ^ Tables[1][high >> 16 & 0xFF] ^ Tables[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            crc = crc >> 8 ^ Tables[0][(crc ^ value) & 0xFF];
        }

        return crc;
    }

    private static uint[][] BuildTables()
    {
        var tables = new uint[8][];
        for (var slice = 0; slice < tables.Length; slice++)
        {
            tables[slice] = new uint[256];
            for (var i = 0; i < 256; i++)
            {
                tables[slice][i] = slice == 0 ? Shift((uint)i) : tables[slice - 1][i] >> 8 ^ tables[0][tables[slice - 1][i] & 0xFF];
            }
        }

        return tables;
    }

    private static uint Shift(uint crc)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? crc >> 1 ^ Reflected : crc >> 1;
        }

        return crc;
    }
}
