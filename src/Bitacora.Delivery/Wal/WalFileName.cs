using System.Globalization;

namespace Bitacora.Delivery.Wal;

/// <summary>Names of the log's files: the first sequence in 20 digits, so that order of names is order of sequence.</summary>
internal static class WalFileName
{
    private const string Extension = ".wal";
    private const int Digits = 20;

    public static string Of(ulong firstSequence) => firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The first sequence by the name of a file of the log.</summary>
    public static ulong FirstOf(string name) => ulong.Parse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture);

    public static bool TryParse(string name, out ulong firstSequence)
    {
        firstSequence = 0;
        return name.Length == Digits + Extension.Length
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out firstSequence);
    }
}
