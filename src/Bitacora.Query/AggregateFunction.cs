namespace Bitacora.Query;

/// <summary>One function of <c>stats</c>.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Field">The field it reads; null only for <c>count</c> without one.</param>
/// <param name="Percent">Which percentile: 50, 90, 95 or 99; else 0.</param>
/// <param name="Column">The name of its column, such as <c>p95(duration_ms)</c>.</param>
public sealed record AggregateFunction(AggregateFunctionKind Kind, FieldReference? Field, int Percent, string Column)
{
    /// <summary>Whether the function reads numbers and skips other values.</summary>
    public bool IsNumeric => Kind is not (AggregateFunctionKind.Count or AggregateFunctionKind.Distinct);
}
