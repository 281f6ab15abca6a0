using Bitacora.Client.Ring;
using Bitacora.Client.Sending;
using Bitacora.Client.Spooling;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>
/// Brings frozen batches away, each by the direct lane or by a slow one, and gives their space in the ring back in order. Of the drain's
/// thread.
/// </summary>
internal sealed class Dispatcher(
    LogRing ring,
    DirectLane direct,
    SlowLane? spool,
    SlowLane aside,
    bool isOrdered,
    Accounts accounts,
    BatchMemory? memory,
    TimeProvider clock,
    SelfLog self)
{
    /// <summary>Frozen batches that have no way yet: what is not frozen is smaller.</summary>
    private const int MaxWaiting = DirectLane.MaxInFlight;

    /// <summary>A destination that takes longer is slow, and where there is a spool nobody waits for it.</summary>
    private static readonly TimeSpan DirectPatience = TimeSpan.FromSeconds(2);

    /// <summary>What waits for an answer keeps its place in the ring, and all behind it; where that fills, only so long.</summary>
    private static readonly TimeSpan CrowdedPatience = TimeSpan.FromMilliseconds(20);

    private readonly List<DrainedBatch> _batches = [];
    private int _waiting;

    /// <summary>Whether another batch may be cut.</summary>
    public bool HasPlace => _waiting < MaxWaiting;

    /// <summary>The batches that have their place in the ring, oldest first.</summary>
    public IReadOnlyList<DrainedBatch> Batches => _batches;

    /// <summary>Whether the oldest batch is on its way into a write-ahead log.</summary>
    public bool IsSpooling => _batches.Count > 0 && _batches[0].State == BatchState.Slow;

    /// <summary>The number of the first entry that is not away.</summary>
    public ulong Through { get; private set; }

    public void Add(DrainedBatch batch)
    {
        _batches.Add(batch);
        _waiting++;
    }

    /// <summary>Looks at all batches once.</summary>
    /// <param name="isOver">Nobody waits for answers any more: where there is a spool, everything goes there.</param>
    /// <returns>Whether a batch came further.</returns>
    public bool Step(bool isOver)
    {
        if (_batches.Count == 0)
        {
            return false;
        }

        var moved = false;
        foreach (var batch in _batches)
        {
            var isDirect = false;
            lock (accounts.Gate)
            {
                moved |= Settle(batch, isOver);
                moved |= batch.State == BatchState.Waiting && Send(batch, isOver, out isDirect);
            }

            if (isDirect)
            {
                // Not under the gate: a destination that blocks must not keep anybody from reading the counts. Its records stay where
                // they are until it has answered, so nothing moves.
                (batch.Direct, batch.State) = (direct.Send(batch.Batch), BatchState.Direct);
                _waiting--;
            }
        }

        Release();
        return moved;
    }

    /// <summary>Looks at what is on its way into a write-ahead log, and sends nothing.</summary>
    /// <returns>Whether something still is.</returns>
    public bool Settle()
    {
        foreach (var batch in _batches)
        {
            lock (accounts.Gate)
            {
                Settle(batch, isOver: false);
            }
        }

        Release();
        return _batches.Exists(static batch => batch.State == BatchState.Slow);
    }

    /// <summary>Lets go of requests that run.</summary>
    public void Abandon()
    {
        foreach (var batch in _batches.Where(batch => batch.State == BatchState.Direct))
        {
            direct.Abandon(batch.Direct!, isCancelled: true);
            (batch.State, batch.IsOnItsFirstWay) = (BatchState.Waiting, false);
        }
    }

    private bool Settle(DrainedBatch batch, bool isOver) => batch.State switch
    {
        BatchState.Direct => SettleDirect(batch, isOver),
        BatchState.Slow when batch.Hand!.Task.IsCompleted => SettleSlow(batch),
        BatchState.Aside when aside.Settled >= batch.AsideThrough => SettleAside(batch),
        _ => false,
    };

    private static bool SettleAside(DrainedBatch batch)
    {
        batch.State = BatchState.Done;
        return true;
    }

    private bool SettleDirect(DrainedBatch batch, bool isOver)
    {
        var send = batch.Direct!;
        if (!send.Task.IsCompleted)
        {
            var age = clock.GetElapsedTime(send.SentAt);
            var isSlow = age >= DirectPatience;
            var isInTheWay = (send.IsProbe || age >= CrowdedPatience)
                && ring.IsQuarterFull && spool is { IsFailing: false, IsFull: false };
            if (spool is null || !(isSlow || isOver || isInTheWay))
            {
                return false;
            }

            // One that is only in the way may still be answered: the spool's copy is then a repeat, which the server knows.
            direct.Abandon(send, isCancelled: isSlow || isOver);
            if (isSlow)
            {
                Fail(send, $"There was no answer within {DirectPatience.TotalSeconds} s.");
            }

            Wait(batch, SlowReason.Failed);
            return true;
        }

        direct.End(send);
        if (send.Task.IsCompletedSuccessfully)
        {
            Answered();
            if (send.Task.Result.Count == 0)
            {
                accounts.Stored(batch.Batch);
                batch.State = BatchState.Done;
                if (batch.IsOnItsFirstWay)
                {
                    memory?.GiveBack(batch.Batch);
                }
            }
            else
            {
                Wait(batch, SlowReason.Refused);
            }
        }
        else if (send.Task.Exception?.InnerException is BatchRefusedException refusal)
        {
            Answered();
            accounts.Failed(refusal.Message);
            self.Say("refused", $"the destination refuses logs, they are taken apart: {refusal.Message}");
            Wait(batch, SlowReason.Refused);
        }
        else
        {
            Fail(send, send.Task.Exception?.InnerException?.Message ?? "The request was cancelled.");
            Wait(batch, SlowReason.Failed);
        }

        return true;
    }

    private bool SettleSlow(DrainedBatch batch)
    {
        var hand = batch.Hand!;
        batch.Hand = null;
        if (hand.Lane.End(hand, batch.Batch))
        {
            if (hand.Lane == spool)
            {
                accounts.Spool(batch.Batch);
            }

            // Memory ends with the process, and a ring in a file does not: there the next process finds what is not settled, and what it
            // sends a second time is stored once. What was handed over since is waited for too, which is simple, and never too early.
            var isKept = hand.Lane == aside && ring.IsFile;
            (batch.State, batch.AsideThrough) = isKept ? (BatchState.Aside, aside.HandedGross) : (BatchState.Done, 0);
            return true;
        }

        Wait(batch, batch.Slow);
        return true;
    }

    /// <summary>What waits in the spool need not wait longer.</summary>
    private void Answered()
    {
        if (direct.IsAway)
        {
            spool?.Destination.Hurry();
        }

        direct.Succeeded();
    }

    private void Fail(DirectSend send, string reason)
    {
        accounts.Failed(reason);
        self.Say("destination", $"logs could not be sent, they wait: {reason}");

        // Those that were sent beside the first that failed say nothing new.
        if (!direct.IsAway || send.IsProbe)
        {
            direct.Failed();
        }
    }

    private void Wait(DrainedBatch batch, SlowReason reason)
    {
        (batch.Direct, batch.Slow, batch.State) = (null, reason, BatchState.Waiting);
        batch.IsOnItsFirstWay = false;
        _waiting++;
    }

    /// <summary>Gives a batch to a slow lane, or says that it is to be sent directly.</summary>
    private bool Send(DrainedBatch batch, bool isOver, out bool isDirect)
    {
        isDirect = false;
        if (isOrdered || batch.Slow == SlowReason.Refused)
        {
            return TryHand(batch);
        }

        // Whether the destination is back is not tried with what would keep its place in a ring that fills.
        var isCrowded = direct.IsAway && ring.IsQuarterFull;
        if (spool is not null && (isOver || isCrowded || batch.Slow == SlowReason.Failed) && TryHand(batch))
        {
            return true;
        }

        if (direct.CanSend && !(isOver && spool is { IsFailing: false, IsFull: false }))
        {
            accounts.Sent(isRetry: batch.Attempts++ > 0);
            return isDirect = true;
        }

        return spool is not null && (direct.IsAway || ring.IsQuarterFull) && TryHand(batch);
    }

    private bool TryHand(DrainedBatch batch)
    {
        // What is refused must not wait for a disk; with an order there is one lane only.
        var lane = spool is null || (spool.IsFailing && !isOrdered && batch.Slow == SlowReason.Refused) ? aside : spool;
        if (lane.TryHand(batch.Batch, isAdopted: false) is not { } hand)
        {
            return false;
        }

        (batch.Hand, batch.State) = (hand, BatchState.Slow);
        _waiting--;
        return true;
    }

    private void Release()
    {
        var done = 0;
        while (done < _batches.Count && _batches[done].State == BatchState.Done)
        {
            done++;
        }

        if (done > 0)
        {
            var end = _batches[done - 1].End;
            _batches.RemoveRange(0, done);
            ring.Release(end);
            Through = end.Count;
        }
    }
}
