using Bitacora.Records;

namespace Bitacora.Delivery.Intake;

/// <summary>
/// A batch on its way from the caller to the destination. Waiting, it belongs to whoever first claims it: the writer, the caller who
/// gives up, or the clock. Claimed by the writer, its fate is the log's.
/// </summary>
internal sealed class PendingBatch
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<AcceptResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public PendingBatch(RecordBatch batch, long since) => (Batch, Since) = (batch, since);

    /// <summary>What the caller gave.</summary>
    public RecordBatch Batch { get; }

    /// <summary>The clock's timestamp of the call.</summary>
    public long Since { get; }

    /// <summary>What of it is new, once the writer looked; null if nothing is.</summary>
    public RecordBatch? New { get; set; }

    /// <summary>The number of <see cref="New"/> in the log.</summary>
    public ulong Sequence { get; set; }

    /// <summary>When <see cref="New"/> was written, in units of 100 ns since 1970.</summary>
    public long Arrival { get; set; }

    public int Duplicates => Batch.Count - (New?.Count ?? 0);

    public bool IsGivenUp => Volatile.Read(ref _state) == GivenUp;

    public Task<AcceptResult> Completion => _completion.Task;

    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;

    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting;

    public void Acknowledge() => _completion.TrySetResult(new AcceptResult(Batch.Count, Duplicates));

    public void Fail(Exception reason) => _completion.TrySetException(reason);

    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
