using Bitacora.Delivery.Intake;
using Bitacora.Records;

namespace Bitacora.Delivery.Forwarding;

/// <summary>A batch on its way from the write-ahead log to the destination.</summary>
/// <param name="Sequence">Its number in the log.</param>
/// <param name="Arrival">When it was written, in units of 100 ns since 1970.</param>
/// <param name="Batch">The batch; null: from this sequence on batches are left in the log.</param>
/// <param name="Caller">Who may wait for it.</param>
/// <param name="IsFromLog">Whether it was left in the log and read back.</param>
/// <param name="IsRecovered">Whether an earlier process wrote it.</param>
internal readonly record struct WrittenBatch(
    ulong Sequence, long Arrival, RecordBatch? Batch, PendingBatch? Caller, bool IsFromLog, bool IsRecovered);
