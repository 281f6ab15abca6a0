using System.Net;
using Bitacora.Cql.Values;

namespace Bitacora.Cql;

/// <summary>The elements of a list or set, read where they lie.</summary>
public ref struct CqlList
{
    private readonly CqlType _type;
    private WireReader _reader;
    private int _left;

    internal CqlList(CqlType type, ReadOnlySpan<byte> bytes, EndPoint? node)
    {
        _type = type;
        _reader = new WireReader(bytes) { Node = node };
        _left = Count = _reader.ReadInt32Count(sizeof(int));
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The element that <see cref="MoveNext"/> came to.</summary>
    public CqlValue Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly CqlList GetEnumerator() => this;

    /// <summary>Goes to the next element.</summary>
    /// <exception cref="CqlProtocolException">The server's bytes end before the element does.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        var bytes = _reader.ReadBytes(out var isNull);
        Current = new CqlValue(_type, bytes, isNull, _reader.Node);
        return true;
    }
}
