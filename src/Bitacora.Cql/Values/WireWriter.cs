using System.Buffers.Binary;
using System.Text;

namespace Bitacora.Cql.Values;

/// <summary>The protocol's notations, written into memory of the right size: requests are measured before they are written.</summary>
internal ref struct WireWriter(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public int Position { get; private set; }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteUInt16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), checked((ushort)value));

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    public void WriteString(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteUInt16(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    public void WriteLongString(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteInt32(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteInt32(bytes.Length);
        WriteRaw(bytes);
    }

    public void WriteShortBytes(ReadOnlySpan<byte> bytes)
    {
        WriteUInt16(bytes.Length);
        WriteRaw(bytes);
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private Span<byte> Take(int length)
    {
        var taken = _bytes.Slice(Position, length);
        Position += length;
        return taken;
    }
}
