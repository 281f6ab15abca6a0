namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Abbreviations of zones that mean one offset to whoever writes them in a log. Those that mean several (BST, CST, IST) are not here.
/// </summary>
internal static class ZoneNames
{
    private static readonly (byte[] Name, int Minutes)[] Known =
    [
        ("UTC"u8.ToArray(), 0), ("GMT"u8.ToArray(), 0), ("Z"u8.ToArray(), 0), ("CET"u8.ToArray(), 60), ("CEST"u8.ToArray(), 120),
        ("WET"u8.ToArray(), 0), ("WEST"u8.ToArray(), 60), ("EET"u8.ToArray(), 120), ("EEST"u8.ToArray(), 180), ("MSK"u8.ToArray(), 180),
        ("EST"u8.ToArray(), -300), ("EDT"u8.ToArray(), -240), ("CDT"u8.ToArray(), -300), ("MST"u8.ToArray(), -420),
        ("MDT"u8.ToArray(), -360), ("PST"u8.ToArray(), -480), ("PDT"u8.ToArray(), -420),
    ];

    /// <summary>The offset of an abbreviation in minutes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out int minutes)
    {
        foreach (var (known, offset) in Known)
        {
            if (name.SequenceEqual(known))
            {
                minutes = offset;
                return true;
            }
        }

        minutes = 0;
        return false;
    }
}
