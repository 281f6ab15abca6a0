using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>The protocol's notations, written to a body that grows.</summary>
public sealed class WireWriter
{
    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public WireWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public WireWriter Short(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), checked((ushort)value));
        return this;
    }

    public WireWriter Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Take(4), value);
        return this;
    }

    public WireWriter Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
        return this;
    }

    public WireWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    public WireWriter String(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Short(bytes.Length).Raw(bytes);
    }

    public WireWriter LongString(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Int(bytes.Length).Raw(bytes);
    }

    public WireWriter Bytes(byte[]? bytes) => bytes is null ? Int(-1) : Int(bytes.Length).Raw(bytes);

    public WireWriter Value(FakeValue value) => value.Bytes is { } bytes ? Int(bytes.Length).Raw(bytes) : Int(value.IsUnset ? -2 : -1);

    public WireWriter ShortBytes(ReadOnlySpan<byte> bytes) => Short(bytes.Length).Raw(bytes);

    public WireWriter Uuid(Guid value)
    {
        value.TryWriteBytes(Take(16), bigEndian: true, out _);
        return this;
    }

    public WireWriter InetAddress(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return Byte((byte)bytes.Length).Raw(bytes);
    }

    public WireWriter Inet(IPEndPoint endPoint) => InetAddress(endPoint.Address).Int(endPoint.Port);

    public WireWriter StringList(IReadOnlyCollection<string> list)
    {
        Short(list.Count);
        foreach (var item in list)
        {
            String(item);
        }

        return this;
    }

    public WireWriter StringMap(IReadOnlyDictionary<string, string> map)
    {
        Short(map.Count);
        foreach (var (key, value) in map)
        {
            String(key).String(value);
        }

        return this;
    }

    public WireWriter StringMultimap(IReadOnlyDictionary<string, string[]> map)
    {
        Short(map.Count);
        foreach (var (key, values) in map)
        {
            String(key).StringList(values);
        }

        return this;
    }

    public WireWriter BytesMap(IReadOnlyDictionary<string, byte[]?> map)
    {
        Short(map.Count);
        foreach (var (key, value) in map)
        {
            String(key).Bytes(value);
        }

        return this;
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
