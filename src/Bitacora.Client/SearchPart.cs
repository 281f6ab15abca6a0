namespace Bitacora.Client;

/// <summary>A part of an answer: rows (or groups), then one end. A closed family.</summary>
public abstract record SearchPart;

/// <summary>A row or a group as the server wrote it.</summary>
/// <param name="Json">One JSON object in UTF-8, without the line end. The memory is the caller's to keep.</param>
public sealed record SearchRow(ReadOnlyMemory<byte> Json) : SearchPart;

/// <summary>Records that the reader of a tail was too slow for.</summary>
/// <param name="Records">How many were passed over; 0 where the server could not say, because the connection broke.</param>
public sealed record SearchGap(long Records) : SearchPart;

/// <summary>The end of an answer.</summary>
public sealed record SearchEnd : SearchPart
{
    /// <summary>Whether everything in the range was looked at.</summary>
    public required bool Complete { get; init; }

    /// <summary>Why it is not complete, in words.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Where the next page begins; null when there is none.</summary>
    public string? Cursor { get; init; }

    /// <summary>What the reader should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The begin of the range, as the server bound it; null where it did not say.</summary>
    public string? From { get; init; }

    /// <summary>The end of the range, as the server bound it; null where it did not say.</summary>
    public string? To { get; init; }

    /// <summary>The last line's object in JSON, with all that the server said.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }
}
