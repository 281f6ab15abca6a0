namespace Bitacora.Delivery;

/// <summary>When a <see cref="BatchPipeline"/> acknowledges a batch.</summary>
public enum AcknowledgeWhen
{
    /// <summary>
    /// When it is durable in the write-ahead log. Where nothing is left in the log (<see cref="PipelineOptions.SpillBytes"/> is 0) it
    /// waits up to <see cref="PipelineOptions.HoldFor"/> for the destination to take it, so that a query sees what was acknowledged.
    /// </summary>
    Written,

    /// <summary>
    /// When the destination has it as it promises. What takes longer than <see cref="PipelineOptions.HoldFor"/> is not acknowledged: the
    /// caller gets a <see cref="NotYetStoredException"/>.
    /// </summary>
    Stored,
}
