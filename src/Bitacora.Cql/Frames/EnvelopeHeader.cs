using System.Buffers.Binary;

namespace Bitacora.Cql.Frames;

/// <summary>The nine bytes before each message: version, flags, stream, opcode, length of the body.</summary>
internal readonly record struct EnvelopeHeader(byte Version, EnvelopeFlags Flags, short Stream, Opcode Opcode, int BodyLength)
{
    public const int Size = 9;

    /// <summary>The version's high bit tells a response from a request.</summary>
    public const byte ResponseBit = 0x80;

    public static EnvelopeHeader Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0], (EnvelopeFlags)bytes[1], BinaryPrimitives.ReadInt16BigEndian(bytes[2..]), (Opcode)bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[5..]));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = Version;
        bytes[1] = (byte)Flags;
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], Stream);
        bytes[4] = (byte)Opcode;
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], BodyLength);
    }

    /// <summary>Refuses what no server says: another version, a request, a compressed body, a length beyond the limit.</summary>
    public void CheckResponse(ProtocolVersion? version, int maxBodyLength)
    {
        if (version is null ? (Version & ResponseBit) == 0 : Version != ((byte)version | ResponseBit))
        {
            throw new CqlProtocolException(
                $"an envelope of version 0x{Version:x2} came on a connection that speaks v{(byte?)version ?? (byte)ProtocolVersion.V4}");
        }

        if ((Flags & EnvelopeFlags.Compressed) != 0)
        {
            throw new CqlProtocolException("a compressed envelope came, compression was not asked for");
        }

        if (BodyLength < 0 || BodyLength > maxBodyLength)
        {
            throw new CqlProtocolException(
                $"a body of {BodyLength} bytes was announced, the limit is {maxBodyLength} ({nameof(CqlOptions.MaxResponseLength)})");
        }
    }
}
