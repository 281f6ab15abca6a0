using Bitacora.Records;

namespace Bitacora.Query.Evaluation;

/// <summary>A row that <c>sort</c> keeps, with the values it is ordered by, and the bytes that it holds.</summary>
internal readonly record struct SortedRow<TRow>(SortKey[] Keys, RecordId Id, TRow Row, int Bytes);
