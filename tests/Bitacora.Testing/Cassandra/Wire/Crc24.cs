namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>The checksum of a segment's header: polynomial 0x1974F0B, start 0x875060, bytes in wire order.</summary>
internal static class Crc24
{
    private const uint Start = 0x875060;
    private const uint Polynomial = 0x1974F0B;
    private static readonly uint[] Table = BuildTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = Start;
        foreach (var value in bytes)
        {
            crc = (crc << 8 & 0xFFFFFF) ^ Table[(crc >> 16 ^ value) & 0xFF];
        }

        return crc;
    }

    /// <summary>The definition, bit by bit: what the table is checked against.</summary>
    public static uint ByDefinition(ReadOnlySpan<byte> bytes)
    {
        var crc = Start;
        foreach (var value in bytes)
        {
            crc = Shift(crc ^ (uint)value << 16);
        }

        return crc;
    }

    private static uint Shift(uint crc)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            crc <<= 1;
            crc = (crc & 0x1000000) != 0 ? crc ^ Polynomial : crc;
        }

        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = Shift((uint)i << 16);
        }

        return table;
    }
}
