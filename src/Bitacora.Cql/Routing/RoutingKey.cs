using System.Buffers;
using System.Buffers.Binary;

namespace Bitacora.Cql.Routing;

/// <summary>The token of a row from its encoded values: what will be sent is what is hashed, nothing is encoded twice.</summary>
internal static class RoutingKey
{
    private const int OnStack = 512;

    // A composite key's component: its length, its bytes, a zero.
    private const int ComponentOverhead = sizeof(ushort) + 1;

    /// <param name="values">The encoded values of a statement's markers.</param>
    /// <param name="partitionKey">Which markers are the partition key, in its order.</param>
    /// <returns>Null if the markers do not make up the key, or one of them is null: any node may then say so.</returns>
    public static long? Token(ReadOnlySpan<byte> values, int[] partitionKey)
    {
        if (partitionKey.Length == 0)
        {
            return null;
        }

        if (partitionKey.Length == 1)
        {
            return TryFind(values, partitionKey[0], out var only) ? Murmur3.Token(only) : null;
        }

        var length = 0;
        foreach (var marker in partitionKey)
        {
            if (!TryFind(values, marker, out var component) || component.Length > ushort.MaxValue)
            {
                return null;
            }

            length += component.Length + ComponentOverhead;
        }

        byte[]? rented = null;
        var key = length <= OnStack ? stackalloc byte[length] : (rented = ArrayPool<byte>.Shared.Rent(length)).AsSpan(0, length);
        Compose(values, partitionKey, key);
        var token = Murmur3.Token(key);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return token;
    }

    private static void Compose(ReadOnlySpan<byte> values, int[] partitionKey, Span<byte> key)
    {
        foreach (var marker in partitionKey)
        {
            TryFind(values, marker, out var component);
            BinaryPrimitives.WriteUInt16BigEndian(key, (ushort)component.Length);
            component.CopyTo(key[sizeof(ushort)..]);
            key[sizeof(ushort) + component.Length] = 0;
            key = key[(component.Length + ComponentOverhead)..];
        }
    }

    private static bool TryFind(ReadOnlySpan<byte> values, int marker, out ReadOnlySpan<byte> value)
    {
        for (; marker > 0; marker--)
        {
            values = values[(sizeof(int) + Math.Max(BinaryPrimitives.ReadInt32BigEndian(values), 0))..];
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(values);
        value = length < 0 ? default : values.Slice(sizeof(int), length);
        return length >= 0;
    }
}
