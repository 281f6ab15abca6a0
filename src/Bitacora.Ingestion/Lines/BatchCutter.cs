using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Puts records into batches that together cover an input without gap or overlap: what a batch covers is stored when it is, and a repeat
/// begins behind it. A batch ends when it is full, or where its reader says.
/// </summary>
internal sealed class BatchCutter(RecordLimits limits, TimeProvider clock, Func<ulong, BatchOrigin>? witness)
{
    private readonly RecordBatchBuilder _builder = new(SenderId.None, limits, clock);
    private readonly Queue<RecordBatch> _ready = new();
    private LineOrigin _origin;
    private ulong _start;
    private ulong _covered;

    /// <summary>The records in the batch that is being gathered.</summary>
    public int Count => _builder.Count;

    public void Begin(LineOrigin origin)
    {
        _origin = origin;
        _start = _covered = origin.FirstPosition;
        _ready.Clear();
        _builder.Clear();
        _builder.Sender = origin.Sender;
    }

    public bool TryTakeReady(out RecordBatch batch) => _ready.TryDequeue(out batch!);

    public RecordWriter BeginRecord() => _builder.Begin();

    /// <summary>Commits the record that was begun. All lines before its position are covered first.</summary>
    public void Commit(RecordWriter record, ulong position)
    {
        CoverTo(position);
        if (!record.TryCommit(_builder.AddOrigin(_origin.Origin), position))
        {
            Cut();
            record.TryCommit(_builder.AddOrigin(_origin.Origin), position);
        }
    }

    /// <summary>All lines before a position are in a batch, or refused, or empty.</summary>
    public void CoverTo(ulong position)
    {
        if (position > _covered)
        {
            _builder.Cover(_builder.AddOrigin(_origin.Origin), _covered, position);
            _covered = position;
        }
    }

    /// <summary>Whether a batch of byte offsets that ends at a position is one that ends at or behind a multiple of the stride.</summary>
    public bool IsBehindStride(ulong position) =>
        _origin.Origin.IsByteOffsets && position / LineReader.BatchStride != _start / LineReader.BatchStride;

    /// <summary>Ends the batch, if there is a record in it.</summary>
    public void Cut()
    {
        if (_builder.Count > 0)
        {
            if (witness?.Invoke(_covered) is { } seen)
            {
                _builder.Cover(_builder.AddOrigin(seen.Origin), seen.First, seen.End);
            }

            _ready.Enqueue(_builder.Freeze());
            _start = _covered;
        }
    }
}
