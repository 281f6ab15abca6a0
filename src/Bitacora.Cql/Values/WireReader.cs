using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Bitacora.Cql.Values;

/// <summary>
/// The protocol's notations, read where they lie. Every length is checked against what is there before anything is taken or skipped;
/// whatever does not fit is a <see cref="CqlProtocolException"/>.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Whose bytes they are, for errors; null where the connection names the node.</summary>
    public EndPoint? Node { get; init; }

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public string ReadString() => Encoding.UTF8.GetString(Take(ReadUInt16()));

    public ReadOnlySpan<byte> ReadShortBytes() => Take(ReadUInt16());

    /// <summary>[bytes]; a negative length is null.</summary>
    public ReadOnlySpan<byte> ReadBytes(out bool isNull)
    {
        var length = ReadInt32();
        isNull = length < 0;
        return isNull ? default : Take(length);
    }

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    public string[] ReadStringList()
    {
        var list = new string[ReadCount(sizeof(ushort))];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = ReadString();
        }

        return list;
    }

    public Dictionary<string, string[]> ReadStringMultimap()
    {
        var map = new Dictionary<string, string[]>();
        for (var left = ReadCount(2 * sizeof(ushort)); left > 0; left--)
        {
            map[ReadString()] = ReadStringList();
        }

        return map;
    }

    public void SkipBytesMap()
    {
        for (var left = ReadCount(sizeof(ushort) + sizeof(int)); left > 0; left--)
        {
            ReadShortBytes();
            ReadBytes(out _);
        }
    }

    /// <summary>[inetaddr]: an address without its port.</summary>
    public IPAddress ReadAddress()
    {
        var size = ReadByte();
        return size is 4 or 16 ? new IPAddress(Take(size)) : throw Fault($"an address of {size} bytes came");
    }

    public IPEndPoint ReadEndPoint()
    {
        var address = ReadAddress();
        var port = ReadInt32();
        return port is >= 0 and <= ushort.MaxValue
            ? new IPEndPoint(address, port)
            : throw Fault($"an address with port {port} came");
    }

    /// <summary>
    /// A [short] count of things that take at least so many bytes each: a lying count fails before anything is allocated.
    /// </summary>
    public int ReadCount(int smallest)
    {
        var count = ReadUInt16();
        return count * smallest <= Remaining ? count : throw TooShort(count * smallest);
    }

    /// <summary>An [int] count, in the same way.</summary>
    public int ReadInt32Count(int smallest)
    {
        var count = ReadInt32();
        return count >= 0 && (long)count * smallest <= Remaining
            ? count
            : throw Fault($"a count of {count} cannot be right, {Remaining} bytes are left");
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
        {
            throw TooShort(length);
        }

        var taken = _bytes.Slice(Position, length);
        Position += length;
        return taken;
    }

    private readonly CqlProtocolException TooShort(int length) =>
        Fault($"{length} bytes should follow at {Position}, {Remaining} do");

    private readonly CqlProtocolException Fault(string what) => new(what) { Node = Node };
}
