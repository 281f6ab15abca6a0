namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// A file's numbers for origins. Only the sealer adds; readers use <see cref="Hashes"/>, which is replaced whole, never changed,
/// so a reader sees every origin of the segments that it sees.
/// </summary>
internal sealed class OriginDictionary
{
    private readonly Dictionary<OriginKey, int> _numbers = [];
    private volatile ulong[] _hashes = [];

    /// <summary>By number: where an origin's sequences begin, from which ids are derived.</summary>
    public ulong[] Hashes => _hashes;

    public int Count => _numbers.Count;

    public bool TryGet(OriginKey key, out int number) => _numbers.TryGetValue(key, out number);

    /// <summary>Adds what a committed transaction wrote, or what was read from the file, in the order of its numbers.</summary>
    public void Add(IReadOnlyList<OriginKey> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        var hashes = new ulong[_hashes.Length + keys.Count];
        _hashes.CopyTo(hashes, 0);
        for (var i = 0; i < keys.Count; i++)
        {
            hashes[_numbers.Count] = keys[i].Hash;
            _numbers.Add(keys[i], _numbers.Count);
        }

        _hashes = hashes;
    }
}
