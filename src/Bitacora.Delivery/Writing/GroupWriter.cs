using Bitacora.Delivery.Intake;
using Bitacora.Delivery.Positions;
using Bitacora.Records;

namespace Bitacora.Delivery.Writing;

/// <summary>
/// Writes a group of batches: leaves out what was taken before, appends and fsyncs the rest, and only then counts their positions as
/// taken. One thread.
/// </summary>
internal sealed class GroupWriter
{
    private readonly WriteAheadLog _log;
    private readonly PositionTable _taken;
    private readonly PositionTable _group;
    private readonly DuplicateFilter _filter;
    private readonly TimeProvider _clock;
    private readonly List<RecordBatch> _batches = [];

    public GroupWriter(WriteAheadLog log, PositionTable taken, PipelineOptions options, TimeProvider clock)
    {
        (_log, _taken, _clock) = (log, taken, clock);
        _group = new PositionTable(int.MaxValue, options.MaxRangesPerOrigin);
        _filter = new DuplicateFilter(taken, _group, clock);
    }

    /// <summary>
    /// Writes batches from one on, up to the first that must wait for those before it to be durable. Returns when they are durable; those
    /// of which nothing was new are so with them.
    /// </summary>
    /// <returns>Behind the last that was written.</returns>
    /// <exception cref="WalUnavailableException">Nothing from the first on was taken.</exception>
    public int Write(List<PendingBatch> group, int from)
    {
        var now = RecordTime.Now(_clock);
        var end = Gather(group, from, now);
        var sequence = _log.NextSequence;
        if (_batches.Count > 0)
        {
            sequence = _log.Append(_batches);
            _log.Flush();
            _batches.Clear();
        }

        // Where nothing was new all of it is in earlier groups, and those were fsynced.
        for (var i = from; i < end; i++)
        {
            var pending = group[i];
            if (pending.New is null)
            {
                _taken.Touch(pending.Batch, now);
                pending.Sequence = sequence - 1;
                continue;
            }

            pending.Sequence = sequence++;
            pending.Arrival = now;
            _taken.Add(pending.New, now);
        }

        return end;
    }

    private int Gather(List<PendingBatch> group, int from, long now)
    {
        _batches.Clear();
        _group.Clear();
        for (var i = from; i < group.Count; i++)
        {
            var pending = group[i];
            pending.Filter(_filter.NewOf(pending.Batch, out var besideOthers));
            if (pending.New is null)
            {
                continue;
            }

            if (besideOthers)
            {
                return i;
            }

            _group.Add(pending.New, now);
            _batches.Add(pending.New);
        }

        return group.Count;
    }
}
