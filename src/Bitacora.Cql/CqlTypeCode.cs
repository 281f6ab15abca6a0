namespace Bitacora.Cql;

/// <summary>CQL's types, with the numbers they have on the wire.</summary>
public enum CqlTypeCode
{
    /// <summary>A type that has only a class name; vectors come so. Read and written as raw bytes.</summary>
    Custom = 0x00,

    /// <summary>ASCII text.</summary>
    Ascii = 0x01,

    /// <summary>A signed 64-bit integer.</summary>
    BigInt = 0x02,

    /// <summary>Bytes.</summary>
    Blob = 0x03,

    /// <summary>True or false.</summary>
    Boolean = 0x04,

    /// <summary>A distributed counter, read as a 64-bit integer.</summary>
    Counter = 0x05,

    /// <summary>A decimal of any precision. Read and written as raw bytes.</summary>
    Decimal = 0x06,

    /// <summary>A 64-bit floating-point number.</summary>
    Double = 0x07,

    /// <summary>A 32-bit floating-point number.</summary>
    Float = 0x08,

    /// <summary>A signed 32-bit integer.</summary>
    Int = 0x09,

    /// <summary>Milliseconds since 1970, UTC.</summary>
    Timestamp = 0x0B,

    /// <summary>A UUID of any version.</summary>
    Uuid = 0x0C,

    /// <summary>UTF-8 text (also called varchar).</summary>
    Text = 0x0D,

    /// <summary>An integer of any size. Read and written as raw bytes.</summary>
    VarInt = 0x0E,

    /// <summary>A UUID of version 1.</summary>
    TimeUuid = 0x0F,

    /// <summary>An IPv4 or IPv6 address.</summary>
    Inet = 0x10,

    /// <summary>A day without a time.</summary>
    Date = 0x11,

    /// <summary>Nanoseconds since midnight.</summary>
    Time = 0x12,

    /// <summary>A signed 16-bit integer.</summary>
    SmallInt = 0x13,

    /// <summary>A signed 8-bit integer.</summary>
    TinyInt = 0x14,

    /// <summary>Months, days and nanoseconds. Read and written as raw bytes.</summary>
    Duration = 0x15,

    /// <summary>A list.</summary>
    List = 0x20,

    /// <summary>A map.</summary>
    Map = 0x21,

    /// <summary>A set.</summary>
    Set = 0x22,

    /// <summary>A user-defined type. Read and written as raw bytes.</summary>
    UserDefined = 0x30,

    /// <summary>A tuple. Read and written as raw bytes.</summary>
    Tuple = 0x31,
}
