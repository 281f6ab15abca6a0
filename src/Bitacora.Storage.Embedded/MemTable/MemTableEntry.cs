using Bitacora.Records;

namespace Bitacora.Storage.Embedded.MemTable;

/// <summary>A batch as the WAL holds it, with its place there.</summary>
/// <param name="Sequence">The WAL's number of the entry.</param>
/// <param name="Batch">Its records; after a restart only those that no file has.</param>
internal readonly record struct MemTableEntry(ulong Sequence, RecordBatch Batch);
