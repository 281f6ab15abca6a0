using Bitacora.Records;

namespace Bitacora.Delivery.Intake;

/// <summary>
/// A batch on its way from the caller to the write-ahead log, and the caller who waits for it. Waiting, it belongs to whoever first claims
/// it: the writer, the caller who gives up, or the clock. Claimed by the writer, its fate is the log's.
/// </summary>
internal sealed class PendingBatch
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<AcceptResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordBatch? _batch;
    private int _state;

    public PendingBatch(RecordBatch batch, long since)
    {
        (_batch, Since) = (batch, since);
        (Count, Bytes) = (batch.Count, batch.Bytes.Length);
    }

    /// <summary>What the caller gave; not any more after <see cref="LetGo"/>.</summary>
    public RecordBatch Batch => _batch ?? throw new InvalidOperationException("The batch was let go.");

    /// <summary>Its records.</summary>
    public int Count { get; }

    /// <summary>Its bytes.</summary>
    public int Bytes { get; }

    /// <summary>The clock's timestamp of the call.</summary>
    public long Since { get; }

    /// <summary>What of it is new, once the writer looked; null if nothing is, and after <see cref="LetGo"/>.</summary>
    public RecordBatch? New { get; private set; }

    /// <summary>The records that had come before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>
    /// The number of <see cref="New"/> in the log. Where nothing is new, the last before it: whatever holds its records is not behind that.
    /// </summary>
    public ulong Sequence { get; set; }

    /// <summary>When <see cref="New"/> was written, in units of 100 ns since 1970.</summary>
    public long Arrival { get; set; }

    public bool IsGivenUp => Volatile.Read(ref _state) == GivenUp;

    public Task<AcceptResult> Completion => _completion.Task;

    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;

    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting;

    /// <summary>The writer looked what of it is new.</summary>
    public void Filter(RecordBatch? news) => (New, Duplicates) = (news, Count - (news?.Count ?? 0));

    /// <summary>It is written: who waits for the acknowledgement holds no bytes.</summary>
    public void LetGo() => (_batch, New) = (null, null);

    public void Acknowledge() => _completion.TrySetResult(new AcceptResult(Count, Duplicates));

    public void Fail(Exception reason) => _completion.TrySetException(reason);

    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
