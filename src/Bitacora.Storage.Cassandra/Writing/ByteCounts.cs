using Bitacora.Query;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Counts how often byte strings come, up to a number of different ones, in the order in which they came first. One thread.
/// </summary>
internal sealed class ByteCounts(int most)
{
    private readonly Dictionary<byte[], int> _places = new(ByteKeyComparer.Instance);
    private readonly List<byte[]> _keys = [];
    private readonly int[] _counts = new int[most];
    private int _last = -1;

    /// <summary>Whether there were more different ones than can be kept; then there are none.</summary>
    public bool IsOverfull { get; private set; }

    public int Count => _keys.Count;

    public void Add(ReadOnlySpan<byte> key)
    {
        if (IsOverfull)
        {
            return;
        }

        // Most records say what the one before said.
        if ((_last < 0 || !key.SequenceEqual(_keys[_last])) && !TryFind(key))
        {
            Clear();
            IsOverfull = true;
            return;
        }

        _counts[_last]++;
    }

    public IEnumerator<(byte[] Key, int Count)> GetEnumerator()
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            yield return (_keys[i], _counts[i]);
        }
    }

    public void Clear()
    {
        _places.Clear();
        _keys.Clear();
        Array.Clear(_counts);
        (_last, IsOverfull) = (-1, false);
    }

    private bool TryFind(ReadOnlySpan<byte> key)
    {
        if (_places.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out _last))
        {
            return true;
        }

        if (_keys.Count == most)
        {
            return false;
        }

        var kept = key.ToArray();
        _last = _keys.Count;
        _keys.Add(kept);
        _places.Add(kept, _last);
        return true;
    }
}
