namespace Bitacora.Query;

/// <summary>One field of <c>sort</c>.</summary>
/// <param name="Column">The name as the query writes it, without <c>-</c>.</param>
/// <param name="Field">The field of a record; null after an aggregation, where <paramref name="ColumnIndex"/> says which column.</param>
/// <param name="ColumnIndex">The index in <see cref="Aggregate.Columns"/>; -1 for rows.</param>
/// <param name="IsDescending">Whether the greatest comes first.</param>
public sealed record SortField(string Column, FieldReference? Field, int ColumnIndex, bool IsDescending);
