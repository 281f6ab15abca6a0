using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Bitacora.Records;

/// <summary>The hash of identities: the first eight bytes of SHA-256, big-endian, shifted right by four. Integers are hashed as eight
/// bytes big-endian.</summary>
public static class Hash60
{
    /// <summary>The hash of the bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) >> 4;
    }

    /// <summary>
    /// Where the sequences of an origin begin: <c>hash60(origin ‖ sender id)</c>. A record's sequence is this plus its position, modulo
    /// 2^60.
    /// </summary>
    public static ulong OfOrigin(Origin origin, SenderId sender)
    {
        Span<byte> bytes = stackalloc byte[Origin.Size + sizeof(ulong)];
        origin.Write(bytes);
        sender.Write(bytes[Origin.Size..]);
        return Of(bytes);
    }

    /// <summary>The id of a record from its time, the hash of its origin and its position.</summary>
    public static RecordId IdOf(long unixTicks, ulong originHash, ulong position) =>
        RecordId.Create(unixTicks, (originHash + position) & RecordId.MaxSequence);
}
