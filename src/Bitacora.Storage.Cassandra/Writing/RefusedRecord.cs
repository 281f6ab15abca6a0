using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>A record that the cluster will never take.</summary>
/// <param name="Batch">The batch that it is in.</param>
/// <param name="Index">Its number there.</param>
/// <param name="Reason">What the cluster said.</param>
internal sealed record RefusedRecord(RecordBatch Batch, int Index, string Reason);
