using Bitacora.Delivery.Intake;
using Bitacora.Delivery.Positions;
using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Writing;

/// <summary>
/// The thread that owns order: takes whatever waits, writes and fsyncs it as one group, hands it on. A thread of its own, because fsync
/// blocks and must not take one from the pool.
/// </summary>
internal sealed class WriterLoop
{
    private static readonly long SweepEvery = TimeSpan.FromHours(1).Ticks;

    private readonly IntakeQueue _queue;
    private readonly GroupWriter _writer;
    private readonly WriteAheadLog _log;
    private readonly PositionTable _taken;
    private readonly PipelineOptions _options;
    private readonly DeliveryCounters _counters;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Action<PendingBatch> _handOn;
    private readonly List<PendingBatch> _group = [];
    private long _refusedGroups;
    private long _forgotten;
    private long _swept;

    public WriterLoop(
        IntakeQueue queue,
        WriteAheadLog log,
        PositionTable taken,
        PipelineOptions options,
        DeliveryCounters counters,
        TimeProvider clock,
        ILogger logger,
        Action<PendingBatch> handOn)
    {
        (_queue, _log, _taken, _options, _counters, _clock, _logger) = (queue, log, taken, options, counters, clock, logger);
        _handOn = handOn;
        _writer = new GroupWriter(log, taken, options, clock);
        _swept = RecordTime.Now(clock);
    }

    /// <summary>Told of each group that was written: its batches, and how long it took.</summary>
    public Action<int, TimeSpan>? Wrote { get; set; }

    /// <summary>Runs until the queue is closed and empty.</summary>
    public void Run()
    {
        while (_queue.Take(_group))
        {
            WriteGroup();
            Sweep();
        }
    }

    private void WriteGroup()
    {
        for (var from = 0; from < _group.Count;)
        {
            var start = _clock.GetTimestamp();
            int end;
            try
            {
                end = _writer.Write(_group, from);
            }
            catch (WalUnavailableException e)
            {
                Refuse(from, e);
                return;
            }
            catch (Exception e)
            {
                Fail(from, e);
                return;
            }

            Wrote?.Invoke(end - from, _clock.GetElapsedTime(start));
            HandOn(from, end);
            from = end;
        }
    }

    private void HandOn(int from, int end)
    {
        if (_refusedGroups > 0)
        {
            Log.AvailableAgain(_logger, _refusedGroups);
            _refusedGroups = 0;
        }

        for (var i = from; i < end; i++)
        {
            _handOn(_group[i]);
        }
    }

    private void Refuse(int from, WalUnavailableException reason)
    {
        if (_refusedGroups++ == 0)
        {
            Log.Unavailable(_logger, reason);
        }

        for (var i = from; i < _group.Count; i++)
        {
            // After a failed fsync nobody knows whether it is on the disk: it stays pending.
            if (!_log.IsDead)
            {
                _counters.Refuse(_group[i].Count);
            }

            _group[i].Fail(reason);
        }
    }

    /// <summary>A fault of the program: whether the batches were written is unknown, so they stay pending. The thread lives on.</summary>
    private void Fail(int from, Exception reason)
    {
        Log.WriterFailed(_logger, reason);
        for (var i = from; i < _group.Count; i++)
        {
            _group[i].Fail(reason);
        }
    }

    private void Sweep()
    {
        var now = RecordTime.Now(_clock);
        if (now - _swept >= SweepEvery)
        {
            _swept = now;
            _taken.ForgetBefore(now - _options.KnowOriginsFor.Ticks);
        }

        if (_taken.Forgotten > _forgotten)
        {
            Log.PositionsForgotten(_logger, _taken.Forgotten - _forgotten);
            _forgotten = _taken.Forgotten;
        }
    }
}
