using Bitacora.Records;

namespace Bitacora.Delivery.Positions;

/// <summary>
/// Takes from a batch the records whose positions were taken before. One thread.
/// </summary>
internal sealed class DuplicateFilter
{
    private readonly PositionTable _taken;
    private readonly PositionTable _group;
    private readonly RecordBatchBuilder _builder;
    private readonly PositionIntervals?[] _before = new PositionIntervals?[RecordBatch.MaxOrigins];
    private readonly PositionIntervals?[] _beside = new PositionIntervals?[RecordBatch.MaxOrigins];

    /// <param name="taken">What is durable.</param>
    /// <param name="group">What the batches before it in the same group cover; they may still fail.</param>
    /// <param name="clock">For the builder.</param>
    public DuplicateFilter(PositionTable taken, PositionTable group, TimeProvider clock)
    {
        (_taken, _group) = (taken, group);
        _builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, clock);
    }

    /// <summary>The batch itself if all of it is new, a smaller one, or null if nothing is.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="besideOthers">
    /// Whether what it covers overlaps what the group covers. It must not be written before those are durable: should they be torn by
    /// a crash and this one survive, it would cover positions of records that nobody has.
    /// </param>
    public RecordBatch? NewOf(RecordBatch batch, out bool besideOthers)
    {
        if (!Overlaps(batch, out besideOthers))
        {
            return batch;
        }

        var known = 0;
        foreach (var record in batch)
        {
            known += IsKnown(record) ? 1 : 0;
        }

        return known == 0 ? batch : known == batch.Count ? null : Rebuild(batch);
    }

    private bool Overlaps(RecordBatch batch, out bool besideOthers)
    {
        var overlaps = false;
        besideOthers = false;
        for (var i = 0; i < batch.Origins.Length; i++)
        {
            var origin = batch.Origins[i];
            _before[i] = _taken.Find(batch.Sender, origin.Origin);
            _beside[i] = _group.Find(batch.Sender, origin.Origin);
            overlaps |= _before[i]?.Overlaps(origin.First, origin.End) is true;
            besideOthers |= _beside[i]?.Overlaps(origin.First, origin.End) is true;
        }

        return overlaps || besideOthers;
    }

    private bool IsKnown(in RecordReader record) =>
        _before[record.OriginIndex]?.Contains(record.Position) is true || _beside[record.OriginIndex]?.Contains(record.Position) is true;

    /// <summary>Covers what the whole batch covered: refused lines stay known too.</summary>
    private RecordBatch Rebuild(RecordBatch batch)
    {
        _builder.Clear();
        _builder.Sender = batch.Sender;
        Span<int> indexes = stackalloc int[batch.Origins.Length];
        for (var i = 0; i < indexes.Length; i++)
        {
            indexes[i] = _builder.AddOrigin(batch.Origins[i].Origin);
            _builder.Cover(indexes[i], batch.Origins[i].First, batch.Origins[i].End);
        }

        foreach (var record in batch)
        {
            if (!IsKnown(record) && !_builder.TryCopy(record, indexes[record.OriginIndex]))
            {
                // What came in one batch fits in one.
                throw new InvalidOperationException("A part of a batch is larger than the batch.");
            }
        }

        return _builder.Freeze();
    }
}
