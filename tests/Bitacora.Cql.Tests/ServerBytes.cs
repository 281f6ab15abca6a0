using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Bitacora.Cql.Frames;

namespace Bitacora.Cql.Tests;

/// <summary>What a server would send, put together by the specification's words and not by the client's code.</summary>
internal sealed class ServerBytes
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ServerBytes Byte(int value)
    {
        _bytes.Write([(byte)value]);
        return this;
    }

    public ServerBytes Short(int value) => Byte(value >> 8).Byte(value);

    public ServerBytes Int(int value) => Short(value >> 16).Short(value);

    public ServerBytes Long(long value) => Int((int)(value >> 32)).Int((int)value);

    public ServerBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public ServerBytes Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Short(utf8.Length).Raw(utf8);
    }

    public ServerBytes Bytes(byte[]? bytes) => bytes is null ? Int(-1) : Int(bytes.Length).Raw(bytes);

    public ServerBytes ShortBytes(byte[] bytes) => Short(bytes.Length).Raw(bytes);

    public static byte[] Envelope(int version, Opcode opcode, ReadOnlySpan<byte> body, int stream = 7, int flags = 0) =>
        new ServerBytes().Byte(0x80 | version).Byte(flags).Short(stream).Byte((int)opcode).Int(body.Length).Raw(body).ToArray();

    /// <summary>An outer frame, its checksums bit by bit.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload, bool selfContained = true)
    {
        var frame = new byte[6 + payload.Length + 4];
        var header = payload.Length | (selfContained ? 1 << 17 : 0);
        (frame[0], frame[1], frame[2]) = ((byte)header, (byte)(header >> 8), (byte)(header >> 16));
        var crc = SlowCrc24(frame.AsSpan(0, 3));
        (frame[3], frame[4], frame[5]) = ((byte)crc, (byte)(crc >> 8), (byte)(crc >> 16));
        payload.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(6 + payload.Length), SlowCrc32(payload));
        return frame;
    }

    /// <summary>One envelope in as many frames as it takes.</summary>
    public static byte[] Slices(byte[] envelope, int sliceLength) =>
        [.. envelope.Chunk(sliceLength).SelectMany(slice => Frame(slice, selfContained: false))];

    public static int SlowCrc24(ReadOnlySpan<byte> bytes)
    {
        var crc = 0x875060;
        foreach (var b in bytes)
        {
            crc ^= b << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                crc <<= 1;
                crc = (crc & 0x1000000) != 0 ? crc ^ 0x1974F0B : crc;
            }
        }

        return crc;
    }

    private static uint SlowCrc32(ReadOnlySpan<byte> payload)
    {
        var crc = uint.MaxValue;
        foreach (var b in (byte[])[0xFA, 0x2D, 0x55, 0xCA, .. payload])
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
