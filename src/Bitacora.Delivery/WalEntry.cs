using Bitacora.Records;

namespace Bitacora.Delivery;

/// <summary>A batch that was read from the write-ahead log.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Arrival">When it was written, in units of 100 ns since 1970.</param>
/// <param name="Batch">The batch, checked.</param>
public sealed record WalEntry(ulong Sequence, long Arrival, RecordBatch Batch);
