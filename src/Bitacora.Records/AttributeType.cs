namespace Bitacora.Records;

/// <summary>The type of an attribute's value. The numbers are part of the binary format.</summary>
public enum AttributeType : byte
{
    /// <summary>UTF-8 text.</summary>
    String = 1,

    /// <summary>A 64-bit signed integer.</summary>
    Int64 = 2,

    /// <summary>An IEEE 754 double.</summary>
    Double = 3,

    /// <summary>True or false.</summary>
    Boolean = 4,
}
