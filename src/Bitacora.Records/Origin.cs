using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Bitacora.Records;

/// <summary>
/// Who numbered a record: a ring, a connection, a file's generation. Sixteen bytes; the lowest bit says whether positions are numbers
/// (0) or byte offsets (1).
/// </summary>
/// <param name="Value">The bytes, read big-endian.</param>
public readonly record struct Origin(UInt128 Value) : IComparable<Origin>
{
    /// <summary>The size of an origin in bytes.</summary>
    public const int Size = 16;

    /// <summary>Whether positions are byte offsets.</summary>
    public bool IsByteOffsets => (Value & 1) != 0;

    /// <summary>A random origin of numbered records.</summary>
    public static Origin Random()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return Read(bytes).With(byteOffsets: false);
    }

    /// <summary>The origin of a file's generation: the SHA-256 of what identifies it, with positions that are byte offsets.</summary>
    public static Origin OfGeneration(ReadOnlySpan<byte> identity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(identity, hash);
        return Read(hash).With(byteOffsets: true);
    }

    /// <summary>Reads sixteen bytes.</summary>
    public static Origin Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the sixteen bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>This origin with the lowest bit set or cleared.</summary>
    public Origin With(bool byteOffsets) => new((Value & ~UInt128.One) | (byteOffsets ? UInt128.One : UInt128.Zero));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Origin origin)
    {
        origin = default;
        if (text.Length != 2 * Size || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        origin = new Origin(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Origin other) => Value.CompareTo(other.Value);

    /// <summary>Thirty-two lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Orders by unsigned bytes.</summary>
    public static bool operator <(Origin left, Origin right) => left.Value < right.Value;

    /// <summary>Orders by unsigned bytes.</summary>
    public static bool operator >(Origin left, Origin right) => left.Value > right.Value;

    /// <summary>Orders by unsigned bytes.</summary>
    public static bool operator <=(Origin left, Origin right) => left.Value <= right.Value;

    /// <summary>Orders by unsigned bytes.</summary>
    public static bool operator >=(Origin left, Origin right) => left.Value >= right.Value;
}
