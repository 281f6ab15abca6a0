namespace Bitacora.Storage.Embedded.Querying;

/// <summary>A row of a file and its place in the answer.</summary>
internal readonly record struct PlacedRow(long Row, int Place);
