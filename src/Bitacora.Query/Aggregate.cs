namespace Bitacora.Query;

/// <summary>The aggregating stage of a query: <c>count</c>, <c>stats</c> or <c>top</c>.</summary>
/// <param name="Keys">What records are grouped by, at most four; of <c>top</c> its field.</param>
/// <param name="Functions">What is computed of each group, at least one; of <c>count</c> and <c>top</c> it is <c>count</c>.</param>
/// <param name="Top">How many groups <c>top</c> keeps; null for the other stages. Records without the field are left out then.</param>
public sealed record Aggregate(IReadOnlyList<GroupKey> Keys, IReadOnlyList<AggregateFunction> Functions, int? Top)
{
    /// <summary>The columns of the answer before <c>fields</c> chooses: keys, then functions.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Keys.Select(k => k.Column), .. Functions.Select(f => f.Column)];
}
