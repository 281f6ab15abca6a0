using System.Buffers;

namespace Bitacora.Cql.Frames;

/// <summary>A rented array and how much of it counts. Whoever holds it last gives it back.</summary>
internal readonly record struct PooledBytes(byte[] Array, int Length)
{
    public ReadOnlySpan<byte> Span => Array.AsSpan(0, Length);

    public static PooledBytes Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length);

    public static PooledBytes CopyOf(ReadOnlySpan<byte> bytes)
    {
        var copy = Rent(bytes.Length);
        bytes.CopyTo(copy.Array);
        return copy;
    }

    public void Return() => ArrayPool<byte>.Shared.Return(Array);
}
