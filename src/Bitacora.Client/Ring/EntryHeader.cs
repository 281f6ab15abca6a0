using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bitacora.Client.Ring;

/// <summary>
/// The sixteen bytes before an entry's payload: its length with this header (negative from the claim until it is published, 0 before that),
/// CRC-32C (in files only), number mod 2^31, level, kind.
/// </summary>
internal static class EntryHeader
{
    public const int Size = RingWord.Unit;
    public const int Checksum = 4;
    public const int Count = 8;
    public const int Level = 12;
    public const int Kind = 13;

    /// <summary>The units that an entry of so many bytes, header included, takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint UnitsOf(int length) => (uint)(length + RingWord.Unit - 1) / RingWord.Unit;

    /// <summary>CRC-32C of an entry, its length, number, level and kind included.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> payload, uint count, byte level, EntryKind kind)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, ((ulong)count << 32) | (uint)payload.Length);
        crc = BitOperations.Crc32C(crc, (ushort)(level | ((int)kind << 8)));
        while (payload.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));
            payload = payload[sizeof(ulong)..];
        }

        foreach (var value in payload)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
