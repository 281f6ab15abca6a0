namespace Bitacora.Records;

/// <summary>Names of attributes that the product itself writes.</summary>
public static class ReservedAttributes
{
    /// <summary>The time that the sender gave where it could not be taken; the record bears the time of arrival.</summary>
    public static ReadOnlySpan<byte> OriginalTime => "original_time"u8;

    /// <summary>The sender's own level, where it says more.</summary>
    public static ReadOnlySpan<byte> LevelText => "level_text"u8;

    /// <summary>The sender's own level number, where it says more.</summary>
    public static ReadOnlySpan<byte> SeverityNumber => "severity_number"u8;

    /// <summary><c>true</c> on a record that was cut to a limit.</summary>
    public static ReadOnlySpan<byte> Truncated => "truncated"u8;

    /// <summary>Why a line could not be parsed; the record's message is the line.</summary>
    public static ReadOnlySpan<byte> ParseError => "parse_error"u8;

    /// <summary>The length of <see cref="SeverityNumber"/>, below which names may not be cut.</summary>
    internal const int LongestName = 15;

    /// <summary>Whether the name is one of them.</summary>
    public static bool Contains(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(OriginalTime) || name.SequenceEqual(LevelText) || name.SequenceEqual(SeverityNumber)
        || name.SequenceEqual(Truncated) || name.SequenceEqual(ParseError);
}
