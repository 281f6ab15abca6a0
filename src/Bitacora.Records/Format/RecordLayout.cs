namespace Bitacora.Records.Format;

/// <summary>Offsets of an encoded record, little-endian. Specified in <c>docs/record-format.md</c>.</summary>
internal static class RecordLayout
{
    public const int Length = 0;
    public const int Level = 4;
    public const int Layer = 5;
    public const int OriginIndex = 6;
    public const int Reserved = 7;
    public const int Time = 8;
    public const int Position = 16;
    public const int MessageLength = 24;
    public const int TracebackLength = 28;
    public const int TemplateLength = 32;
    public const int Presence = 36;
    public const int AttributeCount = 38;
    public const int HeaderSize = 40;

    /// <summary>The bit of <see cref="Presence"/> that says a duration follows the short fields.</summary>
    public const int DurationBit = 1 << 8;

    /// <summary>All bits that this version knows.</summary>
    public const int KnownBits = (1 << 9) - 1;

    /// <summary>The least an attribute takes: length of an empty name, type, a boolean.</summary>
    public const int MinAttributeSize = 4;
}
