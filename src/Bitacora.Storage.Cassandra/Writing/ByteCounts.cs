using System.Runtime.InteropServices;
using Bitacora.Query;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>Counts how often byte strings come, up to a number of different ones. One thread.</summary>
internal sealed class ByteCounts(int most)
{
    private readonly Dictionary<byte[], int> _counts = new(ByteKeyComparer.Instance);
    private byte[]? _last;
    private int _lastCount;

    /// <summary>Whether there were more different ones than can be kept; then there are none.</summary>
    public bool IsOverfull { get; private set; }

    public int Count => _counts.Count;

    public void Add(ReadOnlySpan<byte> key)
    {
        if (IsOverfull)
        {
            return;
        }

        // Most records say what the one before said.
        if (_last is not null && key.SequenceEqual(_last))
        {
            _lastCount++;
            return;
        }

        Settle();
        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, key, out _);
        if (_counts.Count > most)
        {
            Clear();
            IsOverfull = true;
            return;
        }

        lookup.TryGetValue(key, out _last, out _);
        _lastCount = 1;
    }

    public Dictionary<byte[], int>.Enumerator GetEnumerator()
    {
        Settle();
        return _counts.GetEnumerator();
    }

    public void Clear()
    {
        _counts.Clear();
        (_last, _lastCount, IsOverfull) = (null, 0, false);
    }

    private void Settle()
    {
        if (_last is not null)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_counts, _last) += _lastCount;
            (_last, _lastCount) = (null, 0);
        }
    }
}
