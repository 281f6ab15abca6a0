namespace Bitacora.Client.Ring;

/// <summary>
/// A place in a ring as one 64-bit word, which one instruction can exchange: [closed: 1][number of entries before it, mod 2^31]
/// [offset in units of 16 bytes, mod 2^32]. From the words of the claims and of what was given back follow both what is in the ring and
/// how many bytes are free, and the number of the next entry is fixed by its claim.
/// </summary>
internal readonly record struct RingWord(long Value)
{
    /// <summary>Bytes in a unit: a header fits into the smallest rest at the ring's end.</summary>
    public const int Unit = 16;

    /// <summary>Counts are modulo one more than this.</summary>
    public const uint CountMask = int.MaxValue;

    public RingWord(uint count, uint offset)
        : this((long)(((ulong)(count & CountMask) << 32) | offset))
    {
    }

    /// <summary>Whether nothing more is taken.</summary>
    public bool IsClosed => Value < 0;

    public uint Count => (uint)(Value >> 32) & CountMask;

    public uint Offset => (uint)Value;

    public RingWord Closed => new(Value | long.MinValue);

    /// <summary>Entries between an earlier place and this one.</summary>
    public uint EntriesSince(RingWord earlier) => (Count - earlier.Count) & CountMask;

    /// <summary>Units between an earlier place and this one.</summary>
    public uint UnitsSince(RingWord earlier) => Offset - earlier.Offset;

    /// <summary>The place behind an entry; closed stays closed.</summary>
    public RingWord After(uint units) =>
        new((long)(((ulong)Value & 1UL << 63) | ((ulong)((Count + 1) & CountMask) << 32) | (Offset + units)));
}
