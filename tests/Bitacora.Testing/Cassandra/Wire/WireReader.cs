using System.Buffers.Binary;
using System.Text;

namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>The protocol's notations, read from a message's body.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new ProtocolViolationException($"a field of {count} bytes, but only {_rest.Length} are left in the body");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public string String() => Text(Take(Short()));

    public string LongString() => Text(Take(Int()));

    public ReadOnlySpan<byte> ShortBytes() => Take(Short());

    /// <summary>[bytes]: false for null.</summary>
    public bool Bytes(out ReadOnlySpan<byte> bytes)
    {
        var length = Int();
        bytes = length < 0 ? default : Take(length);
        return length >= 0;
    }

    public FakeValue Value()
    {
        var length = Int();
        return length switch
        {
            >= 0 => new FakeValue(Take(length).ToArray()),
            -1 => FakeValue.Null,
            -2 => FakeValue.Unset,
            _ => throw new ProtocolViolationException($"a value of length {length}"),
        };
    }

    public string[] StringList()
    {
        var list = new string[Short()];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = String();
        }

        return list;
    }

    public Dictionary<string, string> StringMap()
    {
        var map = new Dictionary<string, string>();
        for (var count = Short(); count > 0; count--)
        {
            map.Add(String(), String());
        }

        return map;
    }

    public Dictionary<string, byte[]?> BytesMap()
    {
        var map = new Dictionary<string, byte[]?>();
        for (var count = Short(); count > 0; count--)
        {
            map.Add(String(), Bytes(out var value) ? value.ToArray() : null);
        }

        return map;
    }

    public readonly void End()
    {
        if (_rest.Length > 0)
        {
            throw new ProtocolViolationException($"{_rest.Length} bytes follow the message's last field");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolViolationException("a string that is not UTF-8");
        }
    }
}
