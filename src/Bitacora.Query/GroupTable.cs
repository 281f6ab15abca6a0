namespace Bitacora.Query;

/// <summary>The answer of an aggregating query.</summary>
/// <param name="Columns">The names of the columns, as <c>fields</c> chose and ordered them.</param>
/// <param name="ApproximateColumns">Those of them whose values are approximate (percentiles, at most 0.8 % off).</param>
/// <param name="Rows">A row per group, in order. A cell is null, a string, a long, a double, or a UTC
/// <see cref="DateTimeOffset"/> (the begin of a bucket).</param>
/// <param name="Notes">What the reader should know, such as values that were skipped because they were no numbers.</param>
public sealed record GroupTable(
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> ApproximateColumns,
    IReadOnlyList<IReadOnlyList<object?>> Rows,
    IReadOnlyList<QueryNote> Notes);
