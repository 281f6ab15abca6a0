using System.Collections.Immutable;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.MemTable;

/// <summary>
/// The MemTable: one buffer that takes batches and at most three full ones that wait for the sealer. One lock guards the buffers, the
/// published files and how far everything is sealed; a query takes all of it at once.
/// </summary>
internal sealed class UnsealedRows(TimeProvider time, int segmentRows = UnsealedRows.SegmentRows)
{
    /// <summary>Rows of a segment unless the options say otherwise: four row groups.</summary>
    public const int SegmentRows = 65_536;

    /// <summary>Encoded bytes at which a segment is cut before it has its rows: four of them must fit in memory.</summary>
    public const long SegmentBytes = 64L << 20;

    /// <summary>Segments in memory, the one being filled included; then appending waits.</summary>
    public const int MaxSegments = 4;

    private readonly Lock _gate = new();
    private readonly Queue<RowBuffer> _full = new();
    private RowBuffer _active = new(0);
    private ImmutableArray<FileView> _files = [];
    private ulong _sealedThrough;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sequence through which everything is in files.</summary>
    public ulong SealedThrough
    {
        get
        {
            lock (_gate)
            {
                return _sealedThrough;
            }
        }
    }

    /// <summary>Rows in memory.</summary>
    public (long Rows, long Bytes, int Segments) Size
    {
        get
        {
            lock (_gate)
            {
                return (
                    _active.Rows + _full.Sum(buffer => (long)buffer.Rows),
                    _active.Bytes + _full.Sum(buffer => buffer.Bytes),
                    _full.Count + (_active.IsEmpty ? 0 : 1));
            }
        }
    }

    /// <summary>Sets what a start found on disk, before anything is appended.</summary>
    public void Begin(ImmutableArray<FileView> files, SealingPlan plan)
    {
        lock (_gate)
        {
            _files = files;
            _sealedThrough = plan.After;
            _active = new RowBuffer(Now(), plan.After < plan.Through ? plan : null);
        }
    }

    /// <summary>Takes a batch; waits while there are as many unsealed segments as may be.</summary>
    /// <param name="batch">Its records that no file has, or null where files have all of them.</param>
    /// <param name="sequence">Its number in the WAL.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask AppendAsync(RecordBatch? batch, ulong sequence, CancellationToken cancellationToken)
    {
        while (!TryAppend(batch, sequence, out var changed))
        {
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public StoreView Snapshot()
    {
        lock (_gate)
        {
            var buffers = ImmutableArray.CreateBuilder<ReadOnlyMemory<MemTableEntry>>(_full.Count + 1);
            foreach (var buffer in _full)
            {
                buffers.Add(buffer.Snapshot());
            }

            buffers.Add(_active.Snapshot());
            return new StoreView(buffers.ToImmutable(), _files);
        }
    }

    /// <summary>
    /// The oldest buffer to seal: a full one, or the active one if it is as old as said or has passed sequences that can go.
    /// </summary>
    public RowBuffer? NextToSeal(TimeSpan age)
    {
        lock (_gate)
        {
            if (_full.Count == 0 && IsDue(age))
            {
                Freeze();
            }

            return _full.TryPeek(out var buffer) ? buffer : null;
        }
    }

    /// <summary>Cuts the active buffer now, however small.</summary>
    public void FreezeActive()
    {
        lock (_gate)
        {
            if (!_active.IsEmpty)
            {
                Freeze();
            }
        }
    }

    /// <summary>When the active buffer becomes due; null while it is empty.</summary>
    public long? ActiveSince
    {
        get
        {
            lock (_gate)
            {
                return _active.IsEmpty ? null : _active.CreatedAt;
            }
        }
    }

    /// <summary>Completes at the next change: a full buffer, a sealed one.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Replaces the oldest buffer by the segments that hold its rows now, in one step.</summary>
    public void Publish(RowBuffer seal, IReadOnlyCollection<DayFile> written)
    {
        lock (_gate)
        {
            _full.Dequeue();
            _sealedThrough = seal.LastSequence;
            var kept = _files.RemoveAll(view => written.Contains(view.File));
            _files = kept.AddRange(written.Select(file => new FileView(file, file.Segments)));
            Signal();
        }
    }

    /// <summary>Takes files out of all later queries.</summary>
    public void Remove(IReadOnlyCollection<DayFile> files)
    {
        lock (_gate)
        {
            _files = _files.RemoveAll(view => files.Contains(view.File));
        }
    }

    private bool TryAppend(RecordBatch? batch, ulong sequence, out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            if (MustFreeze(batch, sequence))
            {
                if (_full.Count == MaxSegments - 1)
                {
                    return false;
                }

                Freeze();
            }

            if (batch is null)
            {
                if (_active.IsEmpty && _full.Count == 0 && _active.Plan is null)
                {
                    _sealedThrough = Math.Max(_sealedThrough, sequence);
                    Signal();
                }

                _active.Pass(sequence);
                return true;
            }

            if (_active.IsEmpty)
            {
                _active = new RowBuffer(Now(), _active.Plan);
            }

            _active.Add(sequence, batch);
            return true;
        }
    }

    private bool MustFreeze(RecordBatch? batch, ulong sequence)
    {
        if (_active.Plan is { } plan)
        {
            // Whole or not at all, whatever the options say now: the files that the cut seal reached have all of it.
            return sequence > plan.Through;
        }

        return batch is not null
            && !_active.IsEmpty
            && (_active.Rows + batch.Count > segmentRows || _active.Bytes + batch.Bytes.Length > SegmentBytes);
    }

    private bool IsDue(TimeSpan age) => !_active.IsEmpty
        && (_active.Plan is not { } plan || _active.LastSequence >= plan.Through)
        && Now() - _active.CreatedAt >= age.Ticks;

    private void Freeze()
    {
        if (_active.IsEmpty)
        {
            // The remainder of a cut seal of which nothing is left: its files are complete.
            _sealedThrough = _full.Count == 0 && _active.Plan is { } plan ? Math.Max(_sealedThrough, plan.Through) : _sealedThrough;
        }
        else
        {
            _full.Enqueue(_active);
        }

        _active = new RowBuffer(Now());
        Signal();
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private long Now() => RecordTime.Now(time);
}
