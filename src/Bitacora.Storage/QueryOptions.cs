namespace Bitacora.Storage;

/// <summary>How a query is to be answered; what is asked, page and cursor too, stands in the query.</summary>
public sealed record QueryOptions
{
    /// <summary>The defaults.</summary>
    public static QueryOptions Default { get; } = new();

    /// <summary>When the answer ends, complete or not. Default 30 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the end of the answer says what the store did.</summary>
    public bool Explain { get; init; }
}
