using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Partitioning;

/// <summary>
/// The 32-bit hash under which a manifest remembers the value of an id: CRC-32C of the folded value, begun with the field's number. Part
/// of the stored format, version <see cref="Version"/>.
/// </summary>
internal static class IdHash
{
    /// <summary>The first byte of the column <c>ids</c>; whoever does not know it must take every id for possible.</summary>
    public const byte Version = 1;

    private const int StackBytes = 512;

    /// <summary>The fields whose values are remembered.</summary>
    public static ReadOnlySpan<NamedField> Fields =>
        [NamedField.Host, NamedField.RequestId, NamedField.UserId, NamedField.SessionId, NamedField.TraceId];

    public static uint Of(NamedField field, ReadOnlySpan<byte> value)
    {
        var most = CaseFold.MaxFoldedLength(value.Length);
        var rented = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        var folded = rented ?? stackalloc byte[StackBytes];
        var length = CaseFold.Fold(value, folded);
        var hash = OfFolded(field, folded[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    public static uint OfFolded(NamedField field, ReadOnlySpan<byte> folded)
    {
        var hash = BitOperations.Crc32C(uint.MaxValue, (byte)field);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(folded))
        {
            // The same on machines of either byte order.
            hash = BitOperations.Crc32C(hash, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var value in folded[(folded.Length & ~7)..])
        {
            hash = BitOperations.Crc32C(hash, value);
        }

        return ~hash;
    }
}
