using System.Net;
using Bitacora.Cql.Values;

namespace Bitacora.Cql;

/// <summary>The entries of a map, read where they lie.</summary>
public ref struct CqlMap
{
    private readonly CqlType _type;
    private WireReader _reader;
    private int _left;

    internal CqlMap(CqlType type, ReadOnlySpan<byte> bytes, EndPoint? node)
    {
        _type = type;
        _reader = new WireReader(bytes) { Node = node };
        _left = Count = _reader.ReadInt32Count(2 * sizeof(int));
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; }

    /// <summary>The entry that <see cref="MoveNext"/> came to.</summary>
    public CqlMapEntry Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly CqlMap GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="CqlProtocolException">The server's bytes end before the entry does.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        var key = new CqlValue(_type.Arguments[0], _reader.ReadBytes(out var keyIsNull), keyIsNull, _reader.Node);
        var value = new CqlValue(_type.Arguments[1], _reader.ReadBytes(out var valueIsNull), valueIsNull, _reader.Node);
        Current = new CqlMapEntry(key, value);
        return true;
    }
}
