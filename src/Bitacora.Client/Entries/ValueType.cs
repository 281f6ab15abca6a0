namespace Bitacora.Client.Entries;

/// <summary>The type of a value in an entry, with what stands behind it. The numbers are part of the format.</summary>
internal enum ValueType : byte
{
    /// <summary>Nothing.</summary>
    Null = 0,

    /// <summary>A text.</summary>
    Text = 1,

    /// <summary>Nothing.</summary>
    False = 2,

    /// <summary>Nothing.</summary>
    True = 3,

    /// <summary>1 byte.</summary>
    SByte = 4,

    /// <summary>1 byte.</summary>
    Byte = 5,

    /// <summary>2 bytes.</summary>
    Int16 = 6,

    /// <summary>2 bytes.</summary>
    UInt16 = 7,

    /// <summary>4 bytes.</summary>
    Int32 = 8,

    /// <summary>4 bytes.</summary>
    UInt32 = 9,

    /// <summary>8 bytes.</summary>
    Int64 = 10,

    /// <summary>8 bytes.</summary>
    UInt64 = 11,

    /// <summary>4 bytes.</summary>
    Single = 12,

    /// <summary>8 bytes.</summary>
    Double = 13,

    /// <summary>16 bytes, as <see cref="decimal.GetBits(decimal, Span{int})"/> has them.</summary>
    Decimal = 14,

    /// <summary>Ticks (8 bytes) and the kind (1).</summary>
    DateTime = 15,

    /// <summary>Ticks (8 bytes) and the offset in minutes (2).</summary>
    DateTimeOffset = 16,

    /// <summary>Ticks (8 bytes).</summary>
    TimeSpan = 17,

    /// <summary>16 bytes, little-endian.</summary>
    Guid = 18,

    /// <summary>A UTF-16 unit, 2 bytes.</summary>
    Char = 19,

    /// <summary>
    /// The underlying number's size (1 byte; with <see cref="EntryValue.Unsigned"/>), the number (8 bytes, sign-extended), the name's text.
    /// </summary>
    Enum = 20,

    /// <summary>The day's number (4 bytes).</summary>
    DateOnly = 21,

    /// <summary>Ticks (8 bytes).</summary>
    TimeOnly = 22,

    /// <summary>The bytes of all elements (4 bytes), then one value after the other.</summary>
    Sequence = 23,

    /// <summary>Nothing: a collection that is missing.</summary>
    NullSequence = 24,

    /// <summary>Two texts: the value as it is, and as the hole's format has it.</summary>
    Formatted = 25,

    /// <summary>As <see cref="Enum"/>, then the text that it has as a combination of flags (format <c>F</c>).</summary>
    EnumOfFlags = 26,
}
