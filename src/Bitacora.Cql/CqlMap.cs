using Bitacora.Cql.Values;

namespace Bitacora.Cql;

/// <summary>The entries of a map, read where they lie.</summary>
public ref struct CqlMap
{
    private readonly CqlType _type;
    private WireReader _reader;
    private int _left;

    internal CqlMap(CqlType type, ReadOnlySpan<byte> bytes)
    {
        _type = type;
        _reader = new WireReader(bytes);
        _left = Count = _reader.ReadInt32Count(2 * sizeof(int));
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; }

    /// <summary>The entry that <see cref="MoveNext"/> came to.</summary>
    public CqlMapEntry Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly CqlMap GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        var key = new CqlValue(_type.Arguments[0], _reader.ReadBytes(out var keyIsNull), keyIsNull);
        var value = new CqlValue(_type.Arguments[1], _reader.ReadBytes(out var valueIsNull), valueIsNull);
        Current = new CqlMapEntry(key, value);
        return true;
    }
}
