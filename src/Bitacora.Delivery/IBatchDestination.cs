using Bitacora.Records;

namespace Bitacora.Delivery;

/// <summary>
/// Where batches go once they are in the write-ahead log: a store, a cluster, a server over HTTP.
/// </summary>
/// <remarks>
/// Storing a batch again changes nothing: a record's identity is its own. After a restart the batches behind
/// <see cref="DurableThrough"/> are appended again, under the sequences that they had.
/// </remarks>
public interface IBatchDestination
{
    /// <summary>
    /// Takes a batch; completes when queries of this process see its records. Called by one caller at a time, in ascending order of
    /// sequence (with gaps where batches were lost), after the batch was fsynced in the write-ahead log. A destination that has no room
    /// completes later: that is the back-pressure. After a <see cref="BatchRefusedException"/> the parts of the batch come one after the
    /// other under the same sequence; after any other exception the same batch comes again.
    /// </summary>
    /// <param name="batch">The batch; the destination may keep it if it says so (<see cref="KeepsBatches"/>).</param>
    /// <param name="sequence">Its number in the write-ahead log, from 1.</param>
    /// <param name="cancellationToken">
    /// Ends the wait for room; a batch that was not taken comes again after the next start. One that was taken is not given up by it.
    /// </param>
    /// <returns>
    /// A task that completes when the destination has the batch as it promises: <see cref="RefusedRecord.None"/> where that is so already.
    /// Its result are the records that the destination refuses for good; it has all others. These tasks may complete in any order, and
    /// the next batch comes before. Cancelled: the destination closes before it has the batch, which stays in the write-ahead log and
    /// comes again after the next start. Faulted: a fault of the program; the same.
    /// </returns>
    /// <exception cref="BatchRefusedException">It will never take this batch, and stored nothing of it.</exception>
    ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken);

    /// <summary>
    /// Whether it, or anybody to whom it gave them, may read a batch after the task that <see cref="AppendAsync"/> results in has completed
    /// with success. Where not, the batch's memory may be used for another one then. Asked at the start.
    /// </summary>
    bool KeepsBatches => true;

    /// <summary>
    /// The sequence through which everything is durable in the destination itself, so that the write-ahead log may drop it. 0 where it
    /// remembers nothing.
    /// </summary>
    ulong DurableThrough { get; }

    /// <summary>
    /// The last sequence under which the destination has anything durably, of a batch that may be there in part. New batches get later
    /// ones, also where the write-ahead log is lost: what came under a sequence that it knows would be taken for that batch. Asked at the
    /// start.
    /// </summary>
    ulong UsedThrough => DurableThrough;

    /// <summary>
    /// Completes when <see cref="DurableThrough"/> has moved beyond <paramref name="sequence"/>.
    /// </summary>
    Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken);
}
