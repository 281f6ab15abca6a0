namespace Bitacora.Ingestion.Lines;

/// <summary>English months in three letters, as syslog and web servers write them whatever the language of the machine.</summary>
internal static class MonthNames
{
    /// <summary>1 to 12; 0 for anything else.</summary>
    public static int Parse(ReadOnlySpan<byte> name)
    {
        if (name.Length != 3)
        {
            return 0;
        }

        // One comparison instead of twelve: three letters are one number, their case put aside.
        return ((name[0] << 16) | (name[1] << 8) | name[2] | 0x20_20_20) switch
        {
            ('j' << 16) | ('a' << 8) | 'n' => 1,
            ('f' << 16) | ('e' << 8) | 'b' => 2,
            ('m' << 16) | ('a' << 8) | 'r' => 3,
            ('a' << 16) | ('p' << 8) | 'r' => 4,
            ('m' << 16) | ('a' << 8) | 'y' => 5,
            ('j' << 16) | ('u' << 8) | 'n' => 6,
            ('j' << 16) | ('u' << 8) | 'l' => 7,
            ('a' << 16) | ('u' << 8) | 'g' => 8,
            ('s' << 16) | ('e' << 8) | 'p' => 9,
            ('o' << 16) | ('c' << 8) | 't' => 10,
            ('n' << 16) | ('o' << 8) | 'v' => 11,
            ('d' << 16) | ('e' << 8) | 'c' => 12,
            _ => 0,
        };
    }
}
