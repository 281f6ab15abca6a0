using System.Buffers.Binary;
using System.Numerics;

namespace Bitacora.Cql.Routing;

/// <summary>
/// A partition key's token, as Cassandra's Murmur3Partitioner gives it: MurmurHash3 x64 128, seed 0, the first half; but the up to 15
/// bytes behind the last block are sign-extended, since they are Java's. That changes every key with a byte above 0x7F there.
/// </summary>
internal static class Murmur3
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;
    private const int BlockSize = 16;

    public static long Token(ReadOnlySpan<byte> key)
    {
        // An empty key has the smallest token.
        if (key.IsEmpty)
        {
            return long.MinValue;
        }

        ulong h1 = 0;
        ulong h2 = 0;
        var rest = key;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            h1 ^= Mix1(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= Mix2(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }

        h2 ^= Mix2(Tail(rest.Length > 8 ? rest[8..] : default));
        h1 ^= Mix1(Tail(rest[..Math.Min(rest.Length, 8)]));

        h1 ^= (ulong)key.Length;
        h2 ^= (ulong)key.Length;
        h1 += h2;
        h2 += h1;
        h1 = Finish(h1);
        h2 = Finish(h2);
        var token = (long)(h1 + h2);
        // The smallest number is no token of a key.
        return token == long.MinValue ? long.MaxValue : token;
    }

    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        ulong k = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            k ^= (ulong)(sbyte)bytes[i] << (8 * i);
        }

        return k;
    }

    private static ulong Mix1(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong Mix2(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Finish(ulong h)
    {
        h ^= h >> 33;
        h *= 0xff51afd7ed558ccd;
        h ^= h >> 33;
        h *= 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }
}
