using System.Buffers.Binary;
using System.Globalization;

namespace Bitacora.Client.Entries;

/// <summary>A value in an entry, where it lies. It was found whole before.</summary>
/// <param name="bytes">From its type on.</param>
internal readonly ref struct EntryValue(ReadOnlySpan<byte> bytes)
{
    /// <summary>Beside an enumeration's size: its numbers have no sign.</summary>
    public const byte Unsigned = 0x80;

    private readonly ReadOnlySpan<byte> _bits = bytes[1..];

    public ValueType Type { get; } = (ValueType)bytes[0];

    /// <summary>A text; an enumeration member's name; the elements of a collection.</summary>
    public ReadOnlySpan<byte> Text => EntryWalk.TextAt(_bits, TextOffset);

    /// <summary>The text that the hole's format asked for; that of flags.</summary>
    public ReadOnlySpan<byte> Formatted => EntryWalk.TextAt(_bits, EntryWalk.EndOfText(_bits, TextOffset));

    /// <summary>An integer of any size, or the number of an enumeration's member.</summary>
    public long Integer => Type switch
    {
        ValueType.SByte => (sbyte)_bits[0],
        ValueType.Byte => _bits[0],
        ValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(_bits),
        ValueType.UInt16 or ValueType.Char => BinaryPrimitives.ReadUInt16LittleEndian(_bits),
        ValueType.Int32 or ValueType.DateOnly => BinaryPrimitives.ReadInt32LittleEndian(_bits),
        ValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(_bits),
        ValueType.Enum or ValueType.EnumOfFlags => BinaryPrimitives.ReadInt64LittleEndian(_bits[1..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(_bits),
    };

    /// <summary>The size of an enumeration's underlying type, in bytes.</summary>
    public int EnumSize => _bits[0] & ~Unsigned;

    /// <summary>Whether an enumeration's number is one without sign.</summary>
    public bool IsUnsigned => (_bits[0] & Unsigned) != 0;

    public float Single => BinaryPrimitives.ReadSingleLittleEndian(_bits);

    public double Double => BinaryPrimitives.ReadDoubleLittleEndian(_bits);

    public Guid Guid => new(_bits[..16]);

    /// <summary>False where the bits are those of no number.</summary>
    public bool TryDecimal(out decimal value)
    {
        var flags = BinaryPrimitives.ReadInt32LittleEndian(_bits[12..]);
        var scale = (flags >> 16) & 0xFF;
        if ((flags & 0x7F00FFFF) != 0 || scale > 28)
        {
            value = 0;
            return false;
        }

        value = new decimal(
            BinaryPrimitives.ReadInt32LittleEndian(_bits), BinaryPrimitives.ReadInt32LittleEndian(_bits[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(_bits[8..]), flags < 0, (byte)scale);
        return true;
    }

    public DateTime DateTime => new(
        TicksWithin(DateTime.MaxValue.Ticks), _bits[8] <= 2 ? (DateTimeKind)_bits[8] : DateTimeKind.Unspecified);

    public DateTimeOffset DateTimeOffset
    {
        get
        {
            var offset = TimeSpan.FromMinutes(Math.Clamp(BinaryPrimitives.ReadInt16LittleEndian(_bits[8..]), (short)-840, (short)840));
            var utc = Math.Clamp(TicksWithin(DateTime.MaxValue.Ticks) - offset.Ticks, 0, DateTime.MaxValue.Ticks);
            return new DateTimeOffset(Math.Clamp(utc + offset.Ticks, 0, DateTime.MaxValue.Ticks), offset);
        }
    }

    public TimeSpan TimeSpan => new(Integer);

    public DateOnly DateOnly => DateOnly.FromDayNumber((int)Math.Clamp(Integer, 0, DateOnly.MaxValue.DayNumber));

    public TimeOnly TimeOnly => new(TicksWithin(TimeOnly.MaxValue.Ticks));

    /// <summary>The number, where the value is one.</summary>
    public bool TryNumber(out double number)
    {
        switch (Type)
        {
            case >= ValueType.SByte and <= ValueType.Int64:
                number = Integer;
                return true;
            case ValueType.UInt64:
                number = (ulong)Integer;
                return true;
            case ValueType.Single:
                // By its shortest text, not by its bits: 0.1f is 0.1.
                number = double.Parse(Single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
                return true;
            case ValueType.Double:
                number = Double;
                return true;
            case ValueType.Decimal when TryDecimal(out var value):
                number = (double)value;
                return true;
            default:
                number = 0;
                return false;
        }
    }

    /// <summary>The duration in milliseconds, where the value is one or a finite number.</summary>
    public bool TryMilliseconds(out double milliseconds)
    {
        if (Type == ValueType.TimeSpan)
        {
            milliseconds = TimeSpan.TotalMilliseconds;
            return true;
        }

        return TryNumber(out milliseconds) && double.IsFinite(milliseconds);
    }

    private int TextOffset => Type is ValueType.Enum or ValueType.EnumOfFlags ? 1 + sizeof(long) : 0;

    private long TicksWithin(long most) => Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(_bits), 0, most);
}
