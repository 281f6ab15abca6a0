using System.Buffers.Binary;

namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>The nine bytes before every message, the same in v4 and v5.</summary>
internal readonly record struct EnvelopeHeader(byte VersionByte, byte Flags, short Stream, MessageKind Kind, int BodyLength)
{
    public const int Length = 9;
    public const byte ResponseBit = 0x80;
    public const byte Compressed = 0x01;
    public const byte Tracing = 0x02;
    public const byte CustomPayload = 0x04;
    public const byte Warning = 0x08;

    public static EnvelopeHeader Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0], bytes[1], BinaryPrimitives.ReadInt16BigEndian(bytes[2..]), (MessageKind)bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[5..]));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = VersionByte;
        bytes[1] = Flags;
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], Stream);
        bytes[4] = (byte)Kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], BodyLength);
    }
}
