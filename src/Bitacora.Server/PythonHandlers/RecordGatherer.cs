using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Server.PythonHandlers;

/// <summary>
/// Gathers the records of one reader into batches. One batch may be on its way while the next is gathered; who hands over another waits.
/// One thread at a time.
/// </summary>
/// <param name="delivery">Where batches go.</param>
/// <param name="sender">Whose records they are.</param>
/// <param name="counts">Of the transport.</param>
/// <param name="limits">What a record may hold.</param>
/// <param name="records">The most records of a batch.</param>
/// <param name="bytes">The bytes at which a batch is full; far below those of a batch, so that one more record has room.</param>
/// <param name="clock">Gives the time of arrival.</param>
internal sealed class RecordGatherer(
    PatientDelivery delivery, HandlerSender sender, HandlerCounts counts, RecordLimits limits, int records, int bytes, TimeProvider clock)
{
    private RecordBatchBuilder _builder = new(SenderId.None, limits, clock);
    private PythonRecordDecoder _decoder = new(limits);
    private int _origin;
    private ulong _next;
    private Task _last = Task.CompletedTask;

    public bool IsEmpty => _builder.Count == 0;

    public int Count => _builder.Count;

    public bool IsFull => _builder.Count == records || _builder.ByteLength >= bytes;

    /// <summary>Whether a batch is on its way, so that handing over the next would wait.</summary>
    public bool IsBusy => !_last.IsCompleted;

    /// <summary>Takes a pickle, or counts that it cannot be read. Not while it is full.</summary>
    public void Add(ReadOnlySpan<byte> pickle)
    {
        var record = _builder.Begin();
        try
        {
            _decoder.Decode(pickle, record);
        }
        catch (PickleException e)
        {
            counts.CountUnreadable(e);
            return;
        }

        if (_builder.Count == 0)
        {
            // As many as the batch may have, and all of them its own: other readers' lie before and behind, and there are no gaps.
            _next = delivery.Pipeline.ReservePositions(records);
            _origin = _builder.AddOrigin(delivery.Pipeline.OwnOrigin);
            _builder.Cover(_origin, _next, _next + (ulong)records);
        }

        if (!record.TryCommit(_origin, _next))
        {
            throw new InvalidOperationException("A batch that is not full has no room for a record.");
        }

        _next++;
        counts.CountTaken();
    }

    /// <summary>Sends what was gathered on its way, after the batch before.</summary>
    public async Task HandOverAsync()
    {
        await _last;
        if (!IsEmpty)
        {
            _last = delivery.TakeAsync(_builder.Freeze(), counts, sender);
        }
    }

    /// <summary>Completes when all that was gathered is durable.</summary>
    public async Task DrainAsync()
    {
        await HandOverAsync();
        await _last;
    }

    /// <summary>Gives back the memory that a long record took. Only when it is empty.</summary>
    public void Shrink()
    {
        _builder = new RecordBatchBuilder(SenderId.None, limits, clock);
        _decoder = new PythonRecordDecoder(limits);
    }
}
