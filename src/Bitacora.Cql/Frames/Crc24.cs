namespace Bitacora.Cql.Frames;

/// <summary>
/// The checksum of an outer frame's header. By table: bit by bit it would cost more than the header's other work together.
/// </summary>
internal static class Crc24
{
    private const int Initial = 0x875060;
    private const int Polynomial = 0x1974F0B;
    private static readonly int[] Table = MakeTable();

    public static int Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = Initial;
        foreach (var b in bytes)
        {
            crc = ((crc << 8) ^ Table[((crc >> 16) ^ b) & 0xFF]) & 0xFFFFFF;
        }

        return crc;
    }

    private static int[] MakeTable()
    {
        var table = new int[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                crc <<= 1;
                crc = (crc & 0x1000000) != 0 ? crc ^ Polynomial : crc;
            }

            table[i] = crc & 0xFFFFFF;
        }

        return table;
    }
}
