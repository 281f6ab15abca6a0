namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>Where a record lies: which batch of a group, and its number there.</summary>
internal readonly record struct RowPlace(int Batch, int Index);
