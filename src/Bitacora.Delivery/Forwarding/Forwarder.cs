using System.Threading.Channels;
using Bitacora.Delivery.Intake;
using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Forwarding;

/// <summary>
/// Gives written batches to the destination in the order of the log, each once: from memory, and where they were left in the log from
/// there. Settles each when the destination has it, in whatever order that is.
/// </summary>
internal sealed class Forwarder
{
    private readonly Deliverer _deliverer;
    private readonly ReadBack _readBack;
    private readonly Backlog _backlog;
    private readonly Acknowledgements _acknowledgements;
    private readonly DeliveryCounters _counters;
    private readonly bool _isPromisedStored;
    private readonly ILogger _logger;
    private readonly Action _roomChanged;
    private readonly SettledSequences _settled = new();

    private ulong _givenThrough;

    // Ends reading back; then ends everything.
    private readonly CancellationToken _stopping;
    private readonly CancellationToken _stopped;
    private readonly Channel<WrittenBatch> _written = Channel.CreateUnbounded<WrittenBatch>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    /// <param name="deliverer">Gives one batch.</param>
    /// <param name="readBack">Reads what was left in the log.</param>
    /// <param name="backlog">What waits.</param>
    /// <param name="acknowledgements">Who waits.</param>
    /// <param name="counters">Count what became of records.</param>
    /// <param name="acknowledge">When callers are answered.</param>
    /// <param name="logger">For the messages of <c>docs/events.md</c>.</param>
    /// <param name="roomChanged">Called when the writer may have room again.</param>
    /// <param name="stopping">The pipeline stops: what is left in the log stays there.</param>
    /// <param name="stopped">Its deadline: everything that is not settled stays in the log.</param>
    public Forwarder(
        Deliverer deliverer,
        ReadBack readBack,
        Backlog backlog,
        Acknowledgements acknowledgements,
        DeliveryCounters counters,
        AcknowledgeWhen acknowledge,
        ILogger logger,
        Action roomChanged,
        CancellationToken stopping,
        CancellationToken stopped)
    {
        (_deliverer, _readBack, _backlog, _acknowledgements) = (deliverer, readBack, backlog, acknowledgements);
        (_counters, _isPromisedStored, _logger, _roomChanged) = (counters, acknowledge == AcknowledgeWhen.Stored, logger, roomChanged);
        (_stopping, _stopped) = (stopping, stopped);
    }

    /// <summary>The last sequence that the destination was given: it cannot have any behind it.</summary>
    public ulong GivenThrough => Volatile.Read(ref _givenThrough);

    /// <summary>The writer wrote a batch. One caller at a time, in the order of the log.</summary>
    public void Written(PendingBatch pending)
    {
        _counters.Settle(new DeliveryOutcome(0, pending.Duplicates, 0, 0), recovered: false);
        if (pending.New is { } batch)
        {
            var delivery = new WrittenBatch(pending.Sequence, pending.Arrival, batch, pending, IsFromLog: false, IsRecovered: false);
            switch (_backlog.Add(pending.Sequence, batch))
            {
                case Placement.InMemory:
                    _written.Writer.TryWrite(delivery);
                    break;
                case Placement.FirstInLog:
                    Log.LeftInLog(_logger, pending.Sequence, _backlog.Bytes);
                    _written.Writer.TryWrite(delivery with { Batch = null, Caller = null });
                    break;
            }
        }

        pending.LetGo();
        _acknowledgements.Add(pending);
    }

    /// <summary>Nothing more is written.</summary>
    public void Complete() => _written.Writer.TryComplete();

    /// <summary>Before anything is written: begins with what the start left in the log.</summary>
    /// <param name="through">What the destination has or was given.</param>
    /// <param name="isLeaving">Whether anything behind that was left.</param>
    public void Begin(ulong through, bool isLeaving)
    {
        if (isLeaving && _backlog.LeaveRecovered())
        {
            PassOver(through);
            _written.Writer.TryWrite(new WrittenBatch(through + 1, 0, null, null, IsFromLog: true, IsRecovered: true));
        }
        else
        {
            PassOver(_readBack.StartedBehind);
        }
    }

    /// <summary>
    /// Runs until nothing more is written and everything in memory is settled, or the deadline comes.
    /// </summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var delivery in _written.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (delivery.Batch is null)
                {
                    await CatchUpAsync(delivery.Sequence).ConfigureAwait(false);
                }
                else
                {
                    await ForwardAsync(delivery, _stopped).ConfigureAwait(false);
                }
            }

            await _backlog.WaitUntilEmptyAsync(_stopped).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The rest stays in the log.
        }
    }

    /// <summary>Gives on one batch; returns when it is taken.</summary>
    public async ValueTask ForwardAsync(WrittenBatch delivery, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _givenThrough, delivery.Sequence);
        var taken = await _deliverer
            .GiveAsync(delivery.Batch!, delivery.Sequence, delivery.Arrival, cancellationToken).ConfigureAwait(false);
        if (delivery.IsFromLog)
        {
            Drop(_backlog.Bring(delivery.Sequence, delivery.Batch!));
        }

        // Usually it is settled at once; it is counted before its caller is answered.
        _settled.Take(delivery.Sequence);
        _ = SettleAsync(delivery, taken);
        if (!_isPromisedStored)
        {
            _acknowledgements.Reach(delivery.Sequence);
        }
    }

    /// <summary>Never fails.</summary>
    private async Task SettleAsync(WrittenBatch delivery, TakenBatch taken)
    {
        var isSettled = await TrySettleAsync(delivery, taken).ConfigureAwait(false);
        _backlog.Release(delivery.Batch!);

        // All of it was new and is stored. Of what came before nobody knows, unless everything that was written earlier is stored too.
        if (isSettled && delivery.Caller is { Duplicates: 0 } caller)
        {
            caller.Acknowledge();
        }

        if (_isPromisedStored)
        {
            _acknowledgements.Reach(_settled.Through);
        }

        _roomChanged();
    }

    private async ValueTask<bool> TrySettleAsync(WrittenBatch delivery, TakenBatch taken)
    {
        try
        {
            var outcome = await _deliverer.SettleAsync(taken, delivery.Sequence, _stopped).ConfigureAwait(false);
            _counters.Settle(outcome, delivery.IsRecovered);
            _settled.Settle(delivery.Sequence);
            return true;
        }
        catch (OperationCanceledException)
        {
            // The destination closes, or the deadline has come: it stays in the log, and pending.
        }
        catch (Exception e)
        {
            Log.TakenAndFailed(_logger, delivery.Sequence, e);
        }

        _settled.Abandon(delivery.Sequence);
        return false;
    }

    /// <summary>Gives on what is left in the log from a sequence on, until there is nothing more.</summary>
    private async Task CatchUpAsync(ulong first)
    {
        var next = first;
        try
        {
            CaughtUp? caughtUp;
            while ((caughtUp = _backlog.TryCatchUp(next)) is null)
            {
                next = await _readBack.RunAsync(next, ForwardAsync, _stopping).ConfigureAwait(false);
            }

            Drop(caughtUp.Value.Lost);
            PassOver(Math.Max(next - 1, _readBack.StartedBehind));
            _readBack.Report(caughtUp.Value);
            _roomChanged();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The rest stays in the log.
        }
    }

    private void PassOver(ulong through)
    {
        Volatile.Write(ref _givenThrough, through);
        _settled.PassOver(through);
        _acknowledgements.Reach(_isPromisedStored ? _settled.Through : _settled.TakenThrough);
    }

    private void Drop(in LostRecords lost)
    {
        if (lost.Total > 0)
        {
            Log.LeftAndLost(_logger, lost.Total);
            _counters.Settle(new DeliveryOutcome(0, 0, 0, lost.Live), recovered: false);
            _counters.Settle(new DeliveryOutcome(0, 0, 0, lost.Recovered), recovered: true);
        }
    }
}
