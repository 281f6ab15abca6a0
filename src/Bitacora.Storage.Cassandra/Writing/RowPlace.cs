namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>Where a record lies.</summary>
/// <param name="Batch">Which batch of a group.</param>
/// <param name="Index">Its number there.</param>
/// <param name="Length">Its encoded bytes.</param>
internal readonly record struct RowPlace(int Batch, int Index, int Length);
