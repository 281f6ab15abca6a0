namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>Texts as their indexed columns hold them: an index refuses long terms, and the whole batch with them.</summary>
/// <param name="longest">Bytes of the longest.</param>
internal readonly struct IndexedText(int longest)
{
    // SAI refuses longer terms of ordinary users, and warns from here on.
    private const int LongestTerm = 1 << 10;

    /// <summary>Where there are indexes, and where there are none.</summary>
    public static IndexedText For(bool isIndexed) => new(isIndexed ? LongestTerm : int.MaxValue);

    public ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        // Not within a character.
        var length = longest;
        while ((text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }
}
