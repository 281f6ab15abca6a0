namespace Bitacora.Records.Format;

/// <summary>Offsets of an encoded batch's header, little-endian. Specified in <c>docs/record-format.md</c>.</summary>
internal static class BatchLayout
{
    public const int Magic = 0;
    public const int Version = 4;
    public const int HeaderLength = 6;
    public const int TotalLength = 8;
    public const int RecordCount = 12;
    public const int Sender = 16;
    public const int Id = 24;
    public const int MinTime = 40;
    public const int MaxTime = 48;
    public const int LevelBits = 56;
    public const int LayerBits = 57;
    public const int OriginCount = 58;
    public const int Reserved = 59;
    public const int Origins = 64;

    /// <summary>An entry of the origin table: origin, first and end position.</summary>
    public const int OriginSize = 32;

    /// <summary>The checksum at the end.</summary>
    public const int ChecksumSize = 4;

    /// <summary>"BTCR", read little-endian.</summary>
    public const uint MagicValue = 0x52435442;

    /// <summary>The version that is written; all up to it are read.</summary>
    public const ushort CurrentVersion = 1;
}
