using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace Bitacora.Records;

/// <summary>
/// A record's identity, 128 bits in the shape of a UUIDv7: the time to 100 ns and a sequence of 60 bits. Unsigned byte order is
/// (time, sequence).
/// </summary>
/// <remarks>
/// Bytes, big-endian, with T the ticks of 100 ns within the millisecond: 0–5 Unix milliseconds; 6 <c>0x70 | T&gt;&gt;10</c>;
/// 7 <c>(T&gt;&gt;2) &amp; 0xFF</c>; 8 <c>0x80 | (T&amp;3)&lt;&lt;4 | sequence&gt;&gt;56</c>; 9–15 the low 56 bits of the sequence.
/// Specified in <c>docs/record-format.md</c>.
/// </remarks>
/// <param name="Value">The bytes, read big-endian.</param>
public readonly record struct RecordId(UInt128 Value) : IComparable<RecordId>
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>The size of an id in bytes.</summary>
    public const int Size = 16;

    /// <summary>The largest sequence: 2^60 − 1.</summary>
    public const ulong MaxSequence = (1UL << 60) - 1;

    /// <summary>Makes the id of a time and a sequence.</summary>
    /// <param name="unixTicks">Units of 100 ns since 1970, not negative.</param>
    /// <param name="sequence">Its low 60 bits are taken.</param>
    public static RecordId Create(long unixTicks, ulong sequence)
    {
        var milliseconds = (ulong)(unixTicks / RecordTime.Millisecond);
        var ticks = (ulong)(unixTicks % RecordTime.Millisecond);
        var upper = (milliseconds << 16) | 0x7000UL | (ticks >> 2);
        var lower = 0x8000_0000_0000_0000UL | ((ticks & 3) << 60) | (sequence & MaxSequence);
        return new RecordId(new UInt128(upper, lower));
    }

    /// <summary>The time in units of 100 ns since 1970.</summary>
    public long Time
    {
        get
        {
            var upper = (ulong)(Value >> 64);
            var ticks = ((upper & 0xFFF) << 2) | ((ulong)(Value >> 60) & 3);
            return ((long)(upper >> 16) * RecordTime.Millisecond) + (long)ticks;
        }
    }

    /// <summary>The sequence, 60 bits.</summary>
    public ulong Sequence => (ulong)Value & MaxSequence;

    /// <summary>Whether version, variant and the ticks have values that <see cref="Create"/> can make.</summary>
    public bool IsValid
    {
        get
        {
            var upper = (ulong)(Value >> 64);
            var ticks = ((upper & 0xFFF) << 2) | ((ulong)(Value >> 60) & 3);
            return (upper & 0xF000) == 0x7000 && ((ulong)Value >> 62) == 2 && ticks < (ulong)RecordTime.Millisecond;
        }
    }

    /// <summary>Reads sixteen bytes.</summary>
    public static RecordId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the sixteen bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The id as a GUID whose text is the id's and whose order is the id's.</summary>
    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Reads a UUID's text form, or 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordId id)
    {
        id = default;

        // The framework also takes blanks around and signs within.
        if (text.Length is not (36 or 32) || text.IndexOfAnyExcept(Digits) >= 0
            || (!Guid.TryParseExact(text, "D", out var guid) && !Guid.TryParseExact(text, "N", out guid)))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        id = Read(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(RecordId other) => Value.CompareTo(other.Value);

    /// <summary>A UUID's text form, in lower case.</summary>
    public override string ToString() => ToGuid().ToString("D", CultureInfo.InvariantCulture);

    /// <summary>Orders by (time, sequence).</summary>
    public static bool operator <(RecordId left, RecordId right) => left.Value < right.Value;

    /// <summary>Orders by (time, sequence).</summary>
    public static bool operator >(RecordId left, RecordId right) => left.Value > right.Value;

    /// <summary>Orders by (time, sequence).</summary>
    public static bool operator <=(RecordId left, RecordId right) => left.Value <= right.Value;

    /// <summary>Orders by (time, sequence).</summary>
    public static bool operator >=(RecordId left, RecordId right) => left.Value >= right.Value;
}
