using System.Buffers.Binary;
using System.Numerics;

namespace Bitacora.Records;

/// <summary>Walks the short text fields that an encoded record has, in the order of their numbers: each is found by one step.</summary>
public ref struct ShortTextEnumerator
{
    private ReadOnlySpan<byte> _rest;
    private int _presence;

    internal ShortTextEnumerator(ReadOnlySpan<byte> rest, int presence)
    {
        _rest = rest;
        _presence = presence & ((1 << NamedFields.ShortCount) - 1);
    }

    /// <summary>Which field was stepped on.</summary>
    public NamedField Field { get; private set; }

    /// <summary>Its text, UTF-8, never empty.</summary>
    public ReadOnlySpan<byte> Utf8 { get; private set; }

    /// <summary>Steps on the next field that the record has.</summary>
    public bool MoveNext()
    {
        if (_presence == 0)
        {
            return false;
        }

        Field = (NamedField)BitOperations.TrailingZeroCount(_presence);
        _presence &= _presence - 1;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        Utf8 = _rest.Slice(sizeof(ushort), length);
        _rest = _rest[(sizeof(ushort) + length)..];
        return true;
    }
}
