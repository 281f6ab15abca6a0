using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Batches that are written together: a run of the write-ahead log. What they are written as (slices, ids, timestamp, bytes) is a function
/// of the batches, the layouts and the timestamp, so that a replay writes the same.
/// </summary>
internal sealed class RecordGroup(ulong first, IReadOnlyList<RecordBatch> batches)
{
    private readonly TaskCompletionSource<IReadOnlyList<RefusedRecord>> _written =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of its first batch in the write-ahead log.</summary>
    public ulong First { get; } = first;

    /// <summary>The number of its last batch.</summary>
    public ulong Last { get; set; } = first;

    /// <summary>The batches; parts of a bisected one share a number.</summary>
    public IReadOnlyList<RecordBatch> Batches { get; } = batches;

    /// <summary>The write timestamp of all rows, in microseconds since 1970; 0 until the group is closed.</summary>
    public long Timestamp { get; set; }

    /// <summary>When all of it was in the cluster, by the clock's timestamps; 0 before.</summary>
    public long WrittenAt { get; set; }

    /// <summary>Completes when the cluster has every record, but those that it refuses for good, which are the result.</summary>
    public Task<IReadOnlyList<RefusedRecord>> Written => _written.Task;

    /// <summary>Says that it is in the cluster.</summary>
    public void Complete(IReadOnlyList<RefusedRecord> refused) => _written.TrySetResult(refused);

    /// <summary>Says that the store closes before it is.</summary>
    public void Abandon() => _written.TrySetCanceled();
}
