using Bitacora.Client.Ring;
using Bitacora.Client.Sending;
using Bitacora.Client.Spooling;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>
/// The one thread that empties a ring. It looks every so many milliseconds, and sooner when a writer sees a quarter of the ring waiting
/// or an answer came: waking costs more than many records, and a reader that chases writers costs them their cache lines. A thread of its
/// own, because the pool may be starved just when logs matter.
/// </summary>
internal sealed class Drain
{
    private const int EndMilliseconds = 10;

    /// <summary>What is on its way into the spool when the time is over gets there within milliseconds, or not at all.</summary>
    private const int MostForSpool = 500;

    /// <summary>Who holds the accounts' gate has it for microseconds, unless it never lets go.</summary>
    private const int MostForGate = 1_000;
    private static readonly TimeSpan GapPause = TimeSpan.FromSeconds(1);

    private readonly LogRing _ring;
    private readonly BatchCutter _cutter;
    private readonly Dispatcher _dispatcher;
    private readonly DirectLane _direct;
    private readonly SlowLane? _spool;
    private readonly SlowLane _aside;
    private readonly Accounts _accounts;
    private readonly RefusedLogs _refused;
    private readonly FlushWaiters _flushes;
    private readonly TimeProvider _clock;
    private readonly SelfLog _self;
    private readonly WakeSignal _wake = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    // Of the thread.
    private LevelCounts _told;
    private long _seenRefused;
    private long _firstUntold;
    private long _toldAt;
    private bool _isHurried;
    private long _failuresBefore;

    // Shutdown is measured by the machine's clock: somebody waits for it.
    private volatile bool _isStopping;
    private long _stopAt;
    private long _spoolAt;
    private long _oldestSince;

    public Drain(
        LogRing ring,
        BatchCutter cutter,
        Dispatcher dispatcher,
        DirectLane direct,
        SlowLane? spool,
        SlowLane aside,
        Accounts accounts,
        RefusedLogs refused,
        FlushWaiters flushes,
        TimeProvider clock,
        SelfLog self)
    {
        (_ring, _cutter, _dispatcher, _direct, _spool, _aside) = (ring, cutter, dispatcher, direct, spool, aside);
        (_accounts, _refused, _flushes, _clock, _self) = (accounts, refused, flushes, clock, self);
        _toldAt = clock.GetTimestamp();
        _thread = new Thread(Run) { IsBackground = true, Name = "Bitacora drain" };
    }

    /// <summary>How often it looks.</summary>
    public required int LookMilliseconds { get; init; }

    /// <summary>What is done last, on the thread; told whether everything is delivered.</summary>
    public Action<bool> AtEnd { get; set; } = static _ => { };

    /// <summary>What is done before the lanes stop, on the thread; told how long it may take.</summary>
    public Action<TimeSpan> AtStop { get; set; } = static _ => { };

    /// <summary>The clock's timestamp at which the oldest entry that is not away was seen; 0 where there is none.</summary>
    public long OldestSince => Volatile.Read(ref _oldestSince);

    /// <summary>Without the caller's execution context: nobody's activity or culture.</summary>
    public void Start()
    {
        _self.IsDeferred = true;
        _thread.UnsafeStart();
    }

    /// <summary>Has it look now. From any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends the thread when everything is away, at the latest after a time.</summary>
    public void Stop(TimeSpan timeout)
    {
        var now = Environment.TickCount64;
        var milliseconds = (long)timeout.TotalMilliseconds;
        _stopAt = now + milliseconds;
        _spoolAt = _stopAt - Math.Min(1_000, milliseconds / 2);
        _isStopping = true;
        Wake();
    }

    /// <summary>Waits for the thread's end; not on the thread itself.</summary>
    public void Join(TimeSpan patience)
    {
        if (Thread.CurrentThread != _thread && !_thread.Join(patience))
        {
            GiveUp();
        }
    }

    /// <inheritdoc cref="Join"/>
    public async Task JoinAsync(TimeSpan patience)
    {
        try
        {
            await _ended.Task.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GiveUp();
        }
    }

    private void Run()
    {
        var isOver = false;
        while (!isOver)
        {
            try
            {
                isOver = Step();
            }
            catch (Exception e)
            {
                _self.Say("drain", $"a fault of the program in the queue: {e}");
                _self.Deliver();
                isOver = _isStopping && Environment.TickCount64 >= _stopAt;
            }

            if (!isOver)
            {
                // What is in the spool is not told, and its space is wanted while much comes.
                _wake.Wait(_dispatcher.IsSpooling && _ring.IsQuarterFull ? 1 : LookMilliseconds);
            }
        }

        try
        {
            Finish();
        }
        catch (Exception e)
        {
            _self.Say("drain", $"a fault of the program in the queue: {e}");
        }
        finally
        {
            _self.IsDeferred = false;
            _self.Deliver();
            _ended.SetResult();
        }
    }

    private bool Step()
    {
        var isStopping = _isStopping;
        if (isStopping && !_isHurried)
        {
            _isHurried = true;
            _failuresBefore = _direct.Failures;
            _direct.Hurry();
        }

        // A destination that is away gets one more try.
        var isLate = isStopping
            && (Environment.TickCount64 >= _spoolAt || (_direct.IsAway && _direct.Failures > _failuresBefore));
        bool moved;
        do
        {
            _direct.Look();
            moved = Cut(isStopping);
            moved |= _dispatcher.Step(isLate || _flushes.DiskThrough > _dispatcher.Through);
            TellRefused(isStopping);
            _ring.ShowReading();
            ShowOldest();
            _flushes.Look(_dispatcher.Through);
            _self.Deliver();
        }
        while (moved);

        return isStopping && (IsEmpty || Environment.TickCount64 >= _stopAt);
    }

    private bool IsEmpty => _dispatcher.Batches.Count == 0 && _cutter.Count == 0 && _ring.ClaimedCount == _ring.ReadPosition.Count;

    private bool Cut(bool isStopping)
    {
        var cut = false;
        while (_dispatcher.HasPlace
            && _cutter.Next(isStopping || _flushes.Through > _ring.ReadPosition.Count - (ulong)_cutter.Count) is { } batch)
        {
            _dispatcher.Add(batch);
            cut = true;
        }

        return cut;
    }

    private void ShowOldest()
    {
        var oldest = _dispatcher.Batches.Count > 0 ? _dispatcher.Batches[0].Since : _cutter.Count > 0 ? _cutter.Since : 0;
        Volatile.Write(ref _oldestSince, oldest);
    }

    /// <summary>When room has come back, a record says what was dropped: once it ends, and every second while it lasts.</summary>
    private void TellRefused(bool isStopping)
    {
        var full = _refused.Full;
        var total = full.Total;
        var isQuiet = total == _seenRefused;
        _seenRefused = total;
        if (total == _told.Total || !(isStopping || (_ring.HasRoom && (isQuiet || _clock.GetElapsedTime(_toldAt) >= GapPause))))
        {
            return;
        }

        var (first, last) = _refused.TakeTimes();
        _firstUntold = _firstUntold != 0 ? _firstUntold : first != 0 ? first : last;
        full = _refused.Full;
        Span<byte> entry = stackalloc byte[GapRecord.Size];
        GapRecord.Write(entry, _firstUntold, last, full - _told);
        if (_ring.TryWrite(Level.Warning, EntryKind.Gap, entry, null) is RingAnswer.Taken or RingAnswer.TakenAndMany)
        {
            (_told, _firstUntold) = (full, 0);
            _toldAt = _clock.GetTimestamp();
        }
    }

    /// <summary>The time is over: what a file holds stays there for the next process, what memory holds is lost, and counted.</summary>
    private void Finish()
    {
        _dispatcher.Abandon();
        while (_dispatcher.Settle() && Environment.TickCount64 < _stopAt + MostForSpool)
        {
            _wake.Wait(EndMilliseconds);
        }

        var left = Math.Max(0, _stopAt - Environment.TickCount64);
        var patience = TimeSpan.FromMilliseconds(_direct.IsAway ? 0 : left);
        AtStop(TimeSpan.FromMilliseconds(Math.Max(left, 100)));
        _spool?.Stop(patience);
        _aside.Stop(patience);
        _dispatcher.Settle();
        var aside = _aside.Counts.Waiting;
        var isDelivered = IsEmpty && aside == 0 && (_spool?.Counts.Waiting ?? 0) == 0;
        if (!_ring.IsFile)
        {
            LoseMemory(LevelsOfRing(), Timeout.Infinite);
        }

        _flushes.Look(_dispatcher.Through);
        _flushes.End(isDelivered);
        AtEnd(isDelivered);
    }

    private LevelCounts LevelsOfRing()
    {
        var levels = default(LevelCounts);
        foreach (var batch in _dispatcher.Batches)
        {
            levels += batch.State == BatchState.Waiting ? LevelCounts.Of(batch.Batch) : default;
        }

        // The cutter's entries are not frozen: it gives them as a batch.
        while (_cutter.Next(isHurried: true) is { } batch)
        {
            levels += LevelCounts.Of(batch.Batch);
        }

        return levels;
    }

    /// <summary>
    /// The thread does not end: it is within the application's code (an exception's text, a destination) that does not return. What it
    /// should have counted is counted without it. From any other thread.
    /// </summary>
    private void GiveUp()
    {
        if (!_ring.IsFile)
        {
            LoseMemory(default, MostForGate);
            _self.Deliver();
        }
    }

    private void LoseMemory(in LevelCounts levels, int milliseconds)
    {
        if (!_accounts.Gate.TryEnter(milliseconds))
        {
            _self.Say("shutdown", "logs were dropped: the destination does not return; how many is not known.");
            return;
        }

        long lost;
        try
        {
            if (!_accounts.LoseMemory(levels))
            {
                return;
            }

            var (spool, aside) = (_spool?.Counts ?? default, _aside.Counts);
            var handed = spool.Handed - spool.Adopted + aside.Handed - aside.Adopted;
            lost = (long)_ring.ClaimedCount - _accounts.Direct - handed + aside.Waiting;
        }
        finally
        {
            _accounts.Gate.Exit();
        }

        if (lost > 0)
        {
            _self.Say("shutdown", $"{lost} logs were dropped: there was no time to send them.");
        }
    }
}
