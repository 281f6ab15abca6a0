using Bitacora.Records;

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
    /// <summary>Terms on time beside the filter, each an operator and ticks of 100 ns since 1970.</summary>
    public IReadOnlyList<(string Operator, long Ticks)> Times { get; init; } = [];

    /// <summary>The columns of <c>fields</c>, of groups only; empty for none.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The query as text.</summary>
    public string Text => string.Concat(
        string.Concat(Times.Select(t => $"time{t.Operator}{RecordTime.Format(t.Ticks)} ")),
        Times.Count > 0 && Filter is not null ? $"AND ({Filter.Text})" : Filter?.Text ?? "",
        Top > 0 ? $" | top {Top} {Keys[0]}" : Functions.Count > 0 ? $" | stats {string.Join(", ", Functions)}" : "",
        Top == 0 && Keys.Count > 0 ? $" by {string.Join(", ", Keys)}" : "",
        Sort.Count > 0 ? $" | sort {string.Join(", ", Sort)}" : "",
        Limit > 0 ? $" | limit {Limit}" : "",
        Fields.Count > 0 ? $" | fields {string.Join(", ", Fields)}" : "");

    /// <summary>The query as text.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
