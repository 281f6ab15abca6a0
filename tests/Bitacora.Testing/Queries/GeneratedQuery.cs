namespace Bitacora.Testing.Queries;

/// <summary>A generated query.</summary>
/// <param name="Filter">Its filter, or null for none.</param>
/// <param name="Functions">The functions of <c>stats</c>, as written; none means no aggregation.</param>
/// <param name="Keys">What it groups by, as written.</param>
/// <param name="Top">The number of <c>top</c>, whose field is the only key; 0 for none.</param>
/// <param name="Sort">The columns of <c>sort</c>, with <c>-</c> where descending.</param>
/// <param name="Limit">The number of <c>limit</c>; 0 for none.</param>
public sealed record GeneratedQuery(
    QueryNode? Filter,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Keys,
    int Top,
    IReadOnlyList<string> Sort,
    int Limit)
{
    /// <summary>The query as text.</summary>
    public string Text => string.Concat(
        Filter?.Text ?? "",
        Top > 0 ? $" | top {Top} {Keys[0]}" : Functions.Count > 0 ? $" | stats {string.Join(", ", Functions)}" : "",
        Top == 0 && Keys.Count > 0 ? $" by {string.Join(", ", Keys)}" : "",
        Sort.Count > 0 ? $" | sort {string.Join(", ", Sort)}" : "",
        Limit > 0 ? $" | limit {Limit}" : "");

    /// <summary>The query as text.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
