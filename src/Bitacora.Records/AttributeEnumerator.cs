using System.Buffers.Binary;

namespace Bitacora.Records;

/// <summary>Walks the attributes of an encoded record, in the order in which they were written.</summary>
public ref struct AttributeEnumerator
{
    private ReadOnlySpan<byte> _rest;
    private int _remaining;
    private readonly int _length;

    internal AttributeEnumerator(ReadOnlySpan<byte> attributes, int count)
    {
        _rest = attributes;
        _remaining = count;
        _length = attributes.Length;
    }

    /// <summary>Bytes through the end of <see cref="Current"/>.</summary>
    internal readonly int Consumed => _length - _rest.Length;

    /// <summary>The bytes that it was given.</summary>
    internal readonly int Length => _length;

    /// <summary>The attribute stepped on.</summary>
    public AttributeReader Current { get; private set; }

    /// <summary>Itself, for <c>foreach</c>.</summary>
    public readonly AttributeEnumerator GetEnumerator() => this;

    /// <summary>Steps on the next attribute.</summary>
    public bool MoveNext()
    {
        if (_remaining == 0)
        {
            return false;
        }

        _remaining--;
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        var name = _rest.Slice(sizeof(ushort), nameLength);
        var type = (AttributeType)_rest[sizeof(ushort) + nameLength];
        _rest = _rest[(sizeof(ushort) + nameLength + 1)..];
        var length = sizeof(long);
        if (type == AttributeType.String)
        {
            length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_rest);
            _rest = _rest[sizeof(uint)..];
        }
        else if (type == AttributeType.Boolean)
        {
            length = 1;
        }

        Current = new AttributeReader(name, type, _rest[..length]);
        _rest = _rest[length..];
        return true;
    }
}
