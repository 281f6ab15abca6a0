namespace Bitacora.Storage;

/// <summary>What a store did to answer a query.</summary>
/// <param name="Files">Files that overlap the range.</param>
/// <param name="FilesRead">Files that were read.</param>
/// <param name="Segments">Segments that overlap the range.</param>
/// <param name="SegmentsRead">Segments that were read.</param>
/// <param name="RowsRead">Rows that a filter looked at, in memory and on disk, as far as the store knows.</param>
/// <param name="Steps">
/// The steps in order, such as <c>plan</c>, <c>memtable</c>, <c>segments</c>, with the time each took and what it ran.
/// </param>
public sealed record QueryExplanation(
    int Files, int FilesRead, int Segments, int SegmentsRead, long RowsRead, IReadOnlyList<ExplainedStep> Steps);

/// <summary>A step of a <see cref="QueryExplanation"/>.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Detail">What it ran, such as the SQL; may be empty.</param>
public sealed record ExplainedStep(string Name, TimeSpan Elapsed, string Detail);
