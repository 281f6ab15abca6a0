namespace Bitacora.Storage;

/// <summary>How a query is to be answered; what is asked stands in the query itself.</summary>
public sealed record QueryOptions
{
    /// <summary>The defaults.</summary>
    public static QueryOptions Default { get; } = new();

    /// <summary>Rows a page where the query has no <c>limit</c>. Default 1,000, at most 10,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Where the page begins: the cursor of the page before. Null: at the newest.</summary>
    public string? Cursor { get; init; }

    /// <summary>When the answer ends, complete or not. Default 30 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the end of the answer says what the store did.</summary>
    public bool Explain { get; init; }
}
