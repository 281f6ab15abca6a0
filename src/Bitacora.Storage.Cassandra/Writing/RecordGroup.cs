using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Batches that are written together: a run of the write-ahead log. What they are written as (slices, ids, timestamp, bytes) is a function
/// of the batches, the layouts and the timestamp, so that a replay writes the same.
/// </summary>
internal sealed class RecordGroup
{
    private readonly List<RecordBatch> _batches = [];
    private readonly List<TaskCompletionSource<IReadOnlyList<RefusedRecord>>> _waiting = [];
    private readonly List<List<RefusedRecord>> _refused = [];
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of its first batch in the write-ahead log.</summary>
    public ulong First { get; private set; }

    /// <summary>The number of its last batch.</summary>
    public ulong Last { get; private set; }

    /// <summary>The batches; parts of a bisected one share a number.</summary>
    public IReadOnlyList<RecordBatch> Batches => _batches;

    public int Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When its first batch came, by the clock's timestamps.</summary>
    public long Since { get; init; }

    /// <summary>The write timestamp of all rows, in microseconds since 1970; 0 until its turn to be written.</summary>
    public long Timestamp { get; set; }

    /// <summary>Whether the journal has it: it was written together before.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Completes when the cluster has it, and nobody looks for its records here any more.</summary>
    public Task Written => _written.Task;

    /// <summary>Takes a batch.</summary>
    /// <returns>Completes when the cluster has its records.</returns>
    public Task<IReadOnlyList<RefusedRecord>> Add(RecordBatch batch, ulong sequence)
    {
        First = _batches.Count == 0 ? sequence : First;
        Last = sequence;
        Rows += batch.Count;
        Bytes += batch.Bytes.Length;
        _batches.Add(batch);
        _refused.Add([]);
        _waiting.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _waiting[^1].Task;
    }

    /// <summary>Says that the cluster will never take a record. Safe from any thread.</summary>
    public void Refuse(RowPlace row, string reason)
    {
        lock (_refused)
        {
            _refused[row.Batch].Add(new RefusedRecord(row.Index, reason));
        }
    }

    /// <summary>Says that the cluster has all the others.</summary>
    public void Complete()
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            _waiting[i].TrySetResult(_refused[i]);
        }

        _written.TrySetResult();
    }

    /// <summary>Says that the store closes before it is known.</summary>
    public void Abandon()
    {
        foreach (var waiting in _waiting)
        {
            waiting.TrySetCanceled();
        }

        _written.TrySetCanceled();
    }

    /// <summary>What must be remembered once it is written.</summary>
    public SettledGroup ToSettled() => new(
        First, Last, Timestamp,
        [.. _batches.SelectMany(batch => batch.Origins.ToArray().Select(origin => (batch.Sender, origin)))]);
}
