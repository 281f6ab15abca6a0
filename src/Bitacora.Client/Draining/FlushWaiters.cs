using Bitacora.Client.Spooling;

namespace Bitacora.Client.Draining;

/// <summary>
/// Who waits until what was written before is delivered, or out of the ring. Waiters come from any thread; the drain answers them.
/// </summary>
internal sealed class FlushWaiters(SlowLane? spool, SlowLane aside)
{
    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly Dictionary<Task<bool>, Waiter> _waiters = [];
    private bool _hasEnded;
    private bool _endedWith;

    private ulong _through;
    private ulong _diskThrough;

    /// <summary>Entries before this number are waited for.</summary>
    public ulong Through => Volatile.Read(ref _through);

    /// <summary>Entries before this number are to leave the ring at once.</summary>
    public ulong DiskThrough => Volatile.Read(ref _diskThrough);

    /// <summary>Completes with true when all entries before a number are delivered, with false when some of them never will be.</summary>
    /// <param name="through">The number.</param>
    /// <param name="isDiskEnough">Whether it is enough that they are out of the ring.</param>
    public Task<bool> WaitAsync(ulong through, bool isDiskEnough)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return Task.FromResult(_endedWith);
            }

            Volatile.Write(ref _through, Math.Max(_through, through));
            if (isDiskEnough)
            {
                Volatile.Write(ref _diskThrough, Math.Max(_diskThrough, through));
            }

            var waiter = new Waiter(through, isDiskEnough, LostNow());
            _waiters.Add(waiter.Task, waiter);
            return waiter.Task;
        }
    }

    /// <summary>Nobody waits for a task of <see cref="WaitAsync"/> any more: it completes with false, unless it has completed.</summary>
    public void GiveUp(Task<bool> wait)
    {
        lock (_gate)
        {
            // While the destination is away nobody else would forget it.
            if (_waiters.Remove(wait, out var waiter))
            {
                waiter.End(false);
            }
        }
    }

    /// <summary>Answers those whose entries are away.</summary>
    /// <param name="through">Entries before this number are out of the ring.</param>
    public void Look(ulong through)
    {
        // Apart, because the closure is made where its method begins, and an idle queue allocates nothing.
        if (_waiters.Count > 0)
        {
            Answer(through);
        }
    }

    /// <summary>There is no more time.</summary>
    /// <param name="isDelivered">Whether everything is.</param>
    public void End(bool isDelivered)
    {
        lock (_gate)
        {
            (_hasEnded, _endedWith) = (true, isDelivered);
            foreach (var waiter in _waiters.Values)
            {
                waiter.End(isDelivered);
            }

            _waiters.Clear();
        }
    }

    private void Answer(ulong through)
    {
        lock (_gate)
        {
            foreach (var (wait, waiter) in _waiters)
            {
                if (waiter.Look(through, spool, aside, LostNow))
                {
                    _waiters.Remove(wait);
                }
            }
        }
    }

    private long LostNow()
    {
        var (first, second) = (spool?.Counts ?? default, aside.Counts);
        return first.Dead + first.Refused + first.Dropped.Total + second.Dead + second.Refused + second.Dropped.Total;
    }

    private sealed class Waiter(ulong through, bool isDiskEnough, long lostBefore)
    {
        private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private (long Spool, long Aside)? _marks;

        public Task<bool> Task => _completion.Task;

        public bool Look(ulong released, SlowLane? spool, SlowLane aside, Func<long> lostNow)
        {
            if (released < through)
            {
                return false;
            }

            // What went the slow way before now may be this waiter's, and is delivered in its order.
            _marks ??= (spool?.HandedGross ?? 0, aside.HandedGross);
            if (!isDiskEnough && ((spool?.Settled ?? 0) < _marks.Value.Spool || aside.Settled < _marks.Value.Aside))
            {
                return false;
            }

            End(lostNow() == lostBefore);
            return true;
        }

        public void End(bool isDelivered) => _completion.TrySetResult(isDelivered);
    }
}
