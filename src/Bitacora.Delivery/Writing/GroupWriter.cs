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

    /// <summary>Returns when the group is durable; batches of which nothing was new are durable with it.</summary>
    /// <exception cref="WalUnavailableException">Nothing was taken.</exception>
    public void Write(List<PendingBatch> group)
    {
        var now = RecordTime.Now(_clock);
        _batches.Clear();
        _group.Clear();
        foreach (var pending in group)
        {
            pending.New = _filter.NewOf(pending.Batch);
            if (pending.New is not null)
            {
                _group.Add(pending.New, now);
                _batches.Add(pending.New);
            }
        }

        var sequence = 0UL;
        if (_batches.Count > 0)
        {
            sequence = _log.Append(_batches);
            _log.Flush();
        }

        // Where nothing was new all of it is in earlier groups, and those were fsynced.
        foreach (var pending in group)
        {
            if (pending.New is null)
            {
                _taken.Touch(pending.Batch, now);
                continue;
            }

            pending.Sequence = sequence++;
            pending.Arrival = now;
            _taken.Add(pending.New, now);
        }
    }
}
