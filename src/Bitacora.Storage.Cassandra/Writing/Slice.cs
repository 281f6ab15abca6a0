using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>The part of a group that one partition gets in one mutation: rows of one layer's table and their manifest.</summary>
/// <param name="Id">The manifest's id: shaped as a record's, with the write timestamp's time; the same at every replay.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Key">The partition.</param>
/// <param name="Rows">The records, in the order in which they came.</param>
internal sealed record Slice(RecordId Id, Layer Layer, PartitionKey Key, IReadOnlyList<RowPlace> Rows);
