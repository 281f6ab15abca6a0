namespace Bitacora.Client;

/// <summary>What <c>/api/search</c> is asked. Times are texts as the query language writes them; the server binds them.</summary>
public sealed record SearchRequest
{
    /// <summary>The query; empty matches everything in the range.</summary>
    public string Query { get; init; } = "";

    /// <summary>The length of a range that ends now, such as <c>15m</c>.</summary>
    public string? Last { get; init; }

    /// <summary>The begin of the range.</summary>
    public string? From { get; init; }

    /// <summary>The end of the range, itself outside of it.</summary>
    public string? To { get; init; }

    /// <summary>The IANA name of the zone of times without an offset; UTC unless said.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The most rows of the page; null leaves it to the server.</summary>
    public int? Limit { get; init; }

    /// <summary>The cursor that the page before ended with.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether the answer says what the store did.</summary>
    public bool Explain { get; init; }
}
