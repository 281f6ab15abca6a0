using Bitacora.Records;

namespace Bitacora.Delivery.Forwarding;

/// <summary>A batch that the destination took, whole or in parts.</summary>
internal sealed class TakenBatch
{
    /// <summary>The parts, each with the task that completes when it is stored.</summary>
    public List<(RecordBatch Batch, Task<IReadOnlyList<RefusedRecord>> Stored)> Parts { get; } = new(1);

    /// <summary>What became of records that were not taken.</summary>
    public DeliveryOutcome Buried { get; set; }
}
