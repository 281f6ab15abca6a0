using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Bitacora.Client.Entries;

/// <summary>Writes values with their types, those of value types without boxing them.</summary>
internal static class ValueEncoder
{
    /// <summary>A text value's bytes: what an attribute may hold and a bit more, for the message.</summary>
    public const int TextLimit = 64 << 10;

    /// <summary>A collection's bytes and elements: an endless one must end.</summary>
    private const int SequenceLimit = 32 << 10;

    private const int ElementLimit = 4096;

    /// <summary>Longer names of enumerations' members (of many flags) cost garbage.</summary>
    private const int NameLimit = 256;

    /// <summary>
    /// Writes a tag and a value of a type that most values have, in one piece. False, and nothing written, where it is of another or
    /// there is no room.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWriteSimple<T>(EntryBuffer buffer, EntryTag tag, T value)
    {
        if (typeof(T) == typeof(int))
        {
            return buffer.TryWrite((byte)tag, (byte)ValueType.Int32, Unsafe.As<T, int>(ref value));
        }

        if (typeof(T) == typeof(long))
        {
            return buffer.TryWrite((byte)tag, (byte)ValueType.Int64, Unsafe.As<T, long>(ref value));
        }

        if (typeof(T) == typeof(double))
        {
            return buffer.TryWrite(
                (byte)tag, (byte)ValueType.Double, BitConverter.DoubleToInt64Bits(Unsafe.As<T, double>(ref value)));
        }

        return !typeof(T).IsValueType && value is string { Length: <= TextLimit } text
            && buffer.TryWriteAscii((byte)tag, (byte)ValueType.Text, text);
    }

    /// <summary>Writes a value; false when there is no room for it.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="format">The format of the value's hole, for types whose text must be made at once.</param>
    public static bool TryWrite<T>(EntryBuffer buffer, T value, HoleFormat format)
    {
        // The comparisons are constants where T is a value type; what remains is one branch.
        if (typeof(T) == typeof(int))
        {
            return TryWrite(buffer, ValueType.Int32, sizeof(int), Unsafe.As<T, int>(ref value));
        }

        if (typeof(T) == typeof(long))
        {
            return TryWrite(buffer, ValueType.Int64, sizeof(long), Unsafe.As<T, long>(ref value));
        }

        if (typeof(T) == typeof(double))
        {
            return TryWrite(buffer, ValueType.Double, sizeof(double), BitConverter.DoubleToInt64Bits(Unsafe.As<T, double>(ref value)));
        }

        if (typeof(T) == typeof(bool))
        {
            return buffer.TryWrite((byte)(Unsafe.As<T, bool>(ref value) ? ValueType.True : ValueType.False));
        }

        if (typeof(T).IsValueType)
        {
            return TryWriteStruct(buffer, value, format);
        }

        return value is string text ? TryWriteText(buffer, text) : TryWriteObject(buffer, value, format);
    }

    /// <summary>Text as a value.</summary>
    public static bool TryWriteText(EntryBuffer buffer, ReadOnlySpan<char> text) =>
        buffer.TryWrite((byte)ValueType.Text) && buffer.TryWrite(text, TextLimit);

    /// <summary>An object's own text now, since the object may change; and as its hole wants it.</summary>
    public static bool TryWriteOwnText(EntryBuffer buffer, object value, HoleFormat format)
    {
        if (value is not IFormattable formattable)
        {
            return TryWriteText(buffer, value.ToString());
        }

        if (format.Find() is not { } wanted)
        {
            return TryWriteText(buffer, formattable.ToString(null, CultureInfo.InvariantCulture));
        }

        return buffer.TryWrite((byte)ValueType.Formatted)
            && buffer.TryWrite(formattable.ToString(null, CultureInfo.InvariantCulture), TextLimit)
            && buffer.TryWrite(formattable.ToString(wanted, CultureInfo.InvariantCulture), TextLimit);
    }

    private static bool TryWriteStruct<T>(EntryBuffer buffer, T value, HoleFormat format)
    {
        if (typeof(T) == typeof(decimal))
        {
            return TryWriteDecimal(buffer, Unsafe.As<T, decimal>(ref value));
        }

        if (typeof(T) == typeof(DateTime))
        {
            var time = Unsafe.As<T, DateTime>(ref value);
            return TryWrite(buffer, ValueType.DateTime, sizeof(long), time.Ticks) && buffer.TryWrite((byte)time.Kind);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            var time = Unsafe.As<T, DateTimeOffset>(ref value);
            return TryWrite(buffer, ValueType.DateTimeOffset, sizeof(long), time.Ticks)
                && TryWrite(buffer, sizeof(short), (long)time.Offset.TotalMinutes);
        }

        if (typeof(T) == typeof(Guid))
        {
            return buffer.TryTake(17, out var room) && WriteGuid(room, Unsafe.As<T, Guid>(ref value));
        }

        return ScalarOf(ref value) is (not ValueType.Null and var type, var size, var bits)
            ? TryWrite(buffer, type, size, bits)
            : typeof(T).IsEnum ? TryWriteEnum(buffer, value, format)
            : TryWriteObject(buffer, value, format);
    }

    private static (ValueType Type, int Size, long Bits) ScalarOf<T>(ref T value) =>
        typeof(T) == typeof(short) ? (ValueType.Int16, 2, Unsafe.As<T, short>(ref value))
        : typeof(T) == typeof(ushort) ? (ValueType.UInt16, 2, Unsafe.As<T, ushort>(ref value))
        : typeof(T) == typeof(uint) ? (ValueType.UInt32, 4, Unsafe.As<T, uint>(ref value))
        : typeof(T) == typeof(ulong) ? (ValueType.UInt64, 8, Unsafe.As<T, long>(ref value))
        : typeof(T) == typeof(byte) ? (ValueType.Byte, 1, Unsafe.As<T, byte>(ref value))
        : typeof(T) == typeof(sbyte) ? (ValueType.SByte, 1, Unsafe.As<T, sbyte>(ref value))
        : typeof(T) == typeof(float) ? (ValueType.Single, 4, BitConverter.SingleToInt32Bits(Unsafe.As<T, float>(ref value)))
        : typeof(T) == typeof(char) ? (ValueType.Char, 2, Unsafe.As<T, char>(ref value))
        : typeof(T) == typeof(TimeSpan) ? (ValueType.TimeSpan, 8, Unsafe.As<T, TimeSpan>(ref value).Ticks)
        : typeof(T) == typeof(TimeOnly) ? (ValueType.TimeOnly, 8, Unsafe.As<T, TimeOnly>(ref value).Ticks)
        : typeof(T) == typeof(DateOnly) ? (ValueType.DateOnly, 4, Unsafe.As<T, DateOnly>(ref value).DayNumber)
        : typeof(T) == typeof(nint) ? (ValueType.Int64, 8, Unsafe.As<T, nint>(ref value))
        : typeof(T) == typeof(nuint) ? (ValueType.UInt64, 8, (long)Unsafe.As<T, nuint>(ref value))
        : (ValueType.Null, 0, 0);

    private static bool TryWriteObject(EntryBuffer buffer, object? value, HoleFormat format) => value switch
    {
        null => buffer.TryWrite((byte)ValueType.Null),
        string text => TryWriteText(buffer, text),
        int number => TryWrite(buffer, number, format),
        long number => TryWrite(buffer, number, format),
        double number => TryWrite(buffer, number, format),
        bool truth => TryWrite(buffer, truth, format),
        decimal number => TryWrite(buffer, number, format),
        Guid guid => TryWrite(buffer, guid, format),
        DateTime time => TryWrite(buffer, time, format),
        DateTimeOffset time => TryWrite(buffer, time, format),
        TimeSpan time => TryWrite(buffer, time, format),
        float number => TryWrite(buffer, number, format),
        byte number => TryWrite(buffer, number, format),
        short number => TryWrite(buffer, number, format),
        uint number => TryWrite(buffer, number, format),
        ulong number => TryWrite(buffer, number, format),
        ushort number => TryWrite(buffer, number, format),
        sbyte number => TryWrite(buffer, number, format),
        char character => TryWrite(buffer, character, format),
        DateOnly day => TryWrite(buffer, day, format),
        TimeOnly time => TryWrite(buffer, time, format),
        nint number => TryWrite(buffer, number, format),
        nuint number => TryWrite(buffer, number, format),
        Enum member => TryWriteEnum(
            buffer, SizeOf(member), NumberOf(member), member.ToString(), format.MayBeOfFlags ? member.ToString("F") : null),
        IEnumerable elements => TryWriteSequence(buffer, elements),
        _ => TryWriteOwnText(buffer, value, format),
    };

    private static bool TryWriteSequence(EntryBuffer buffer, IEnumerable elements)
    {
        if (!buffer.TryWrite((byte)ValueType.Sequence) || !buffer.TryWrite(0))
        {
            return false;
        }

        var start = buffer.Length;
        var count = 0;
        foreach (var element in elements)
        {
            var mark = buffer.Length;
            if (++count > ElementLimit || mark - start > SequenceLimit || !TryWriteElement(buffer, element))
            {
                buffer.Length = mark;
                buffer.IsTruncated = true;
                break;
            }
        }

        buffer.Set(start - sizeof(int), buffer.Length - start);
        return true;
    }

    /// <summary>A collection within a collection is the text that it gives itself.</summary>
    private static bool TryWriteElement(EntryBuffer buffer, object? element) => element is IEnumerable and not string
        ? TryWriteText(buffer, element.ToString())
        : TryWriteObject(buffer, element, default);

    private static bool TryWriteEnum<T>(EntryBuffer buffer, T member, HoleFormat format)
    {
        var (size, number) = (SizeOf<T>(), NumberOf(ref member));
        if (EnumNames<T>.Find(member) is { } known)
        {
            return TryWriteEnum(buffer, size, number, known.Name, known.AsFlags);
        }

        var hasFlags = format.MayBeOfFlags;
        return TryBeginEnum(buffer, hasFlags, size, number) && TryWriteName(buffer, member, "G")
            && (!hasFlags || TryWriteName(buffer, member, "F"));
    }

    private static bool TryWriteEnum(EntryBuffer buffer, int size, long number, string name, string? asFlags) =>
        TryBeginEnum(buffer, asFlags is not null, size, number) && buffer.TryWrite(name, TextLimit)
        && (asFlags is null || buffer.TryWrite(asFlags, TextLimit));

    /// <summary>Only its type can say what a value is as flags, so that is written where somebody may ask for it.</summary>
    private static bool TryBeginEnum(EntryBuffer buffer, bool hasFlags, int size, long number) =>
        buffer.TryWrite((byte)(hasFlags ? ValueType.EnumOfFlags : ValueType.Enum), (byte)size) && TryWrite(buffer, sizeof(long), number);

    /// <summary>The text of an enumeration's member, made in place: of a type that may be any, only interpolation does so.</summary>
    private static bool TryWriteName<T>(EntryBuffer buffer, T member, string format)
    {
        Span<char> room = stackalloc char[NameLimit];
        var text = new MemoryExtensions.TryWriteInterpolatedStringHandler(0, 1, room, CultureInfo.InvariantCulture, out _);
        text.AppendFormatted(member, format);
        return room.TryWrite(ref text, out var length)
            ? buffer.TryWrite(room[..length], TextLimit)
            : buffer.TryWrite(((IFormattable)member!).ToString(format, CultureInfo.InvariantCulture), TextLimit);
    }

    private static bool TryWriteDecimal(EntryBuffer buffer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        return buffer.TryWrite((byte)ValueType.Decimal) && buffer.TryWrite(parts[0]) && buffer.TryWrite(parts[1])
            && buffer.TryWrite(parts[2]) && buffer.TryWrite(parts[3]);
    }

    private static bool WriteGuid(Span<byte> room, Guid value)
    {
        room[0] = (byte)ValueType.Guid;
        return value.TryWriteBytes(room[1..]);
    }

    private static bool TryWrite(EntryBuffer buffer, ValueType type, int size, long bits)
    {
        if (!buffer.TryTake(1 + size, out var room))
        {
            return false;
        }

        room[0] = (byte)type;
        Put(room[1..], size, bits);
        return true;
    }

    private static bool TryWrite(EntryBuffer buffer, int size, long bits)
    {
        if (!buffer.TryTake(size, out var room))
        {
            return false;
        }

        Put(room, size, bits);
        return true;
    }

    private static void Put(Span<byte> room, int size, long bits)
    {
        switch (size)
        {
            case 1:
                room[0] = (byte)bits;
                break;
            case 2:
                BinaryPrimitives.WriteInt16LittleEndian(room, (short)bits);
                break;
            case 4:
                BinaryPrimitives.WriteInt32LittleEndian(room, (int)bits);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(room, bits);
                break;
        }
    }

    private static long NumberOf<T>(ref T member) => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.SByte => Unsafe.As<T, sbyte>(ref member),
        TypeCode.Byte or TypeCode.Boolean => Unsafe.As<T, byte>(ref member),
        TypeCode.Int16 => Unsafe.As<T, short>(ref member),
        TypeCode.UInt16 or TypeCode.Char => Unsafe.As<T, ushort>(ref member),
        TypeCode.Int32 => Unsafe.As<T, int>(ref member),
        TypeCode.UInt32 => Unsafe.As<T, uint>(ref member),
        _ => Unsafe.As<T, long>(ref member),
    };

    private static long NumberOf(Enum member) => member.GetTypeCode() == TypeCode.UInt64
        ? (long)((IConvertible)member).ToUInt64(CultureInfo.InvariantCulture)
        : ((IConvertible)member).ToInt64(CultureInfo.InvariantCulture);

    private static int SizeOf<T>() => Type.GetTypeCode(typeof(T)) == TypeCode.UInt64
        ? sizeof(long) | EntryValue.Unsigned
        : Unsafe.SizeOf<T>();

    private static int SizeOf(Enum member) => member.GetTypeCode() switch
    {
        TypeCode.SByte or TypeCode.Byte or TypeCode.Boolean => 1,
        TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => 2,
        TypeCode.Int32 or TypeCode.UInt32 => 4,
        TypeCode.UInt64 => sizeof(long) | EntryValue.Unsigned,
        _ => 8,
    };
}
