using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Bitacora.Client.Draining;
using Bitacora.Client.Ring;
using Bitacora.Client.Sending;
using Bitacora.Client.Spooling;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// The way of logs from an application's calls to a destination. A call copies an entry into a ring and returns; a thread of the queue's
/// own makes records of entries, cuts batches and sends them. An entry's space is given back when the destination, or the spool, has its
/// record.
/// </summary>
/// <remarks>
/// A record's identity is fixed when its entry is taken, so that whatever is sent twice is stored once. Nothing is lost in silence: what is
/// refused is counted (<see cref="LogStatistics"/>), and when there is room again a record of the queue's own says how many logs were
/// dropped.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A queue of logs, though no collection.")]
public sealed class LogQueue : IDisposable, IAsyncDisposable
{
    private readonly LogRing _ring;
    private readonly RefusedLogs _refused;
    private readonly Drain _drain;
    private readonly DirectLane _direct;
    private readonly SlowLane? _spool;
    private readonly SlowLane _aside;
    private readonly OrphanAdopter? _adopter;
    private readonly ProcessDirectory? _directory;
    private readonly Accounts _accounts = new();
    private readonly FlushWaiters _flushes;
    private readonly LogQueueOptions _options;
    private readonly TimeProvider _clock;
    private readonly SelfLog _self;
    private readonly Metrics _metrics;
    private string? _spoolProblem;
    private volatile bool _isEndShort;
    private int _disposed;

    private LogQueue(
        LogQueueOptions options,
        IBatchDestination destination,
        ILogEntryDecoder decoder,
        LogWriterIdentity writer,
        TimeProvider clock,
        Action<string>? selfLog)
    {
        (_options, _clock) = (options, clock);
        _self = new SelfLog(selfLog, clock);
        _refused = new RefusedLogs(clock);
        var header = new RingHeader(Origin.Random(), LogRing.CapacityOf(options.QueueBytes), writer);
        var owner = new SpoolOwner(options.Destination, writer.Source);
        var directory = OpenDirectory(owner);
        _ring = new LogRing(
            TakeMemory(directory, LogRing.LengthOf(header.Capacity)), header, options.QueueCapacity, options.QueueBytes);
        _direct = new DirectLane(destination, clock, Random.Shared, Wake);
        _aside = MakeLane(
            destination, static () => (new MemoryWalFiles(), NoLetters()), Math.Max(options.QueueBytes, 8 << 20), dropOldest: false);
        if (directory is not null)
        {
            _spool = MakeLane(
                destination,
                () => directory.Open(options.Fsync, clock),
                options.MaxSpoolBytes,
                options.SpoolFullMode == SpoolFullMode.DropOldest);
        }

        _flushes = new FlushWaiters(_spool, _aside);
        var maker = new RecordMaker(decoder, _self);
        var memory = destination.KeepsBatches ? null : new BatchMemory();
        if (directory is not null)
        {
            _adopter = new OrphanAdopter(directory.Spool, owner, _spool!, maker, options, clock, _self);
        }

        _directory = directory;
        _drain = new Drain(
            _ring,
            new BatchCutter(_ring, header, options, maker, memory, clock, _self),
            new Dispatcher(_ring, _direct, _spool, _aside, options.Ordered, _accounts, memory, clock, _self),
            _direct,
            _spool,
            _aside,
            _accounts,
            _refused,
            _flushes,
            clock,
            _self)
        {
            // A twentieth of what a log waits anyway.
            LookMilliseconds = (int)Math.Clamp(options.FlushPeriod.TotalMilliseconds / 20, 10, 50),
            AtEnd = isEmpty => directory?.Leave(isEmpty),
            AtStop = patience => _adopter?.Stop(patience),
        };
        _metrics = new Metrics(this, writer.Source);
    }

    /// <summary>The most bytes of one entry; a longer one is refused.</summary>
    public int MaxEntryBytes => _ring.MaxPayload;

    /// <summary>Opens a queue and starts its thread.</summary>
    /// <param name="options">What it holds, and how it sends.</param>
    /// <param name="destination">
    /// Where batches go; it outlives the queue. Unless <see cref="LogQueueOptions.Ordered"/>, several calls come at once, in any order, and
    /// sequences say nothing.
    /// </param>
    /// <param name="decoder">Makes records of entries.</param>
    /// <param name="writer">Who writes.</param>
    /// <param name="clock">The system's when null.</param>
    /// <param name="selfLog">
    /// Told what is wrong with the queue itself, one message of a kind in ten seconds; on the queue's thread, which it should not block.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its range; the message has all that is wrong.</exception>
    public static LogQueue Open(
        LogQueueOptions options,
        IBatchDestination destination,
        ILogEntryDecoder decoder,
        LogWriterIdentity writer,
        TimeProvider? clock = null,
        Action<string>? selfLog = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(writer);
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }

        var queue = new LogQueue(options, destination, decoder, writer, clock ?? TimeProvider.System, selfLog);
        queue._drain.Start();
        queue._adopter?.Start(queue._directory!.Path);
        return queue;
    }

    /// <summary>
    /// Takes a log's entry. Never waits, never throws, allocates nothing; from any thread. The last eighth of the queue is for WARNING and
    /// above.
    /// </summary>
    /// <param name="level">The level; the record has it unless the decoder sets another.</param>
    /// <param name="entry">What the decoder gets; copied.</param>
    /// <param name="exception">Given to the decoder too; in a process that adopts the queue it is null.</param>
    /// <returns>False: refused, and counted.</returns>
    public bool TryWrite(Level level, ReadOnlySpan<byte> entry, Exception? exception)
    {
        switch (_ring.TryWrite(level, EntryKind.Log, entry, exception))
        {
            case RingAnswer.Taken:
                return true;
            case RingAnswer.TakenAndMany:
                _drain.Wake();
                return true;
            case RingAnswer.Full:
                _refused.CountFull(level);
                return false;
            default:
                _refused.CountClosed(level);
                return false;
        }
    }

    /// <summary>
    /// Whether an entry of a level would be taken now. If not, it counts as refused, and need not be written: <see cref="TryWrite"/> would
    /// refuse it. From any thread; allocates nothing.
    /// </summary>
    public bool HasRoom(Level level)
    {
        switch (_ring.Look(level))
        {
            case RingAnswer.Full:
                _refused.CountFull(level);
                return false;
            case RingAnswer.Closed:
                _refused.CountClosed(level);
                return false;
            default:
                return true;
        }
    }

    /// <summary>
    /// Counts a log that could not be written down, and so cannot be given to <see cref="TryWrite"/>: it is lost. From any thread;
    /// allocates nothing.
    /// </summary>
    public void CountFailed(Level level) => _refused.CountFailed(level);

    /// <summary>
    /// Sends at once what waits, and completes with true when the destination has everything that was written before the call; with false
    /// when it will not have all of it, or when the caller gives up. What was lost before the call, <see cref="Snapshot"/> tells.
    /// </summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = _flushes.WaitAsync(_ring.ClaimedCount, isDiskEnough: false);
        _drain.Wake();
        var registration = cancellationToken.UnsafeRegister(_ => _flushes.GiveUp(flushed), null);
        await using (registration.ConfigureAwait(false))
        {
            return await flushed.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// For the end of a process that is not orderly: brings what is in memory into the spool, or without one to the destination, within
    /// <see cref="LogQueueOptions.ShutdownTimeout"/>. Returns at once where the queue is a file, which survives. The queue goes on taking
    /// logs.
    /// </summary>
    public void FlushToDisk()
    {
        if (!_ring.IsFile)
        {
            var flushed = _flushes.WaitAsync(_ring.ClaimedCount, isDiskEnough: true);
            _drain.Wake();
            if (!flushed.Wait(_options.ShutdownTimeout))
            {
                _flushes.GiveUp(flushed);
            }
        }
    }

    /// <summary>
    /// Somebody has waited for <see cref="LogQueueOptions.ShutdownTimeout"/> in vain already: disposal tries a tenth of it longer, not once
    /// more all of it.
    /// </summary>
    public void ShortenEnd() => _isEndShort = true;

    /// <summary>What became of logs, all of this instant.</summary>
    public LogStatistics Snapshot()
    {
        lock (_accounts.Gate)
        {
            var (spool, aside) = (_spool?.Counts ?? default, _aside.Counts);
            var (full, closed, failed) = (_refused.Full, _refused.Closed, _refused.Failed);
            var adopted = spool.Adopted + aside.Adopted;
            var claimed = (long)_ring.ClaimedCount;
            var levels = full + closed + failed + spool.Dropped + aside.Dropped + _accounts.LostLevels;
            var inRing = claimed + adopted - _accounts.Direct - spool.Handed - aside.Handed;

            // Not as many as there were at that instant: a thread that was given up may still send some.
            var (lostInRing, lostAside) = _accounts.IsMemoryLost ? (inRing, aside.Waiting) : (0, 0);
            return new LogStatistics
            {
                Accepted = claimed + adopted,
                Adopted = adopted,
                LogsWritten = _accounts.Direct + spool.Written + aside.Written,
                DroppedFull = full.Total,
                DroppedClosed = closed.Total,
                DroppedFailed = failed.Total,
                DroppedSpool = spool.Dropped.Total + aside.Dropped.Total,
                DroppedRefused = spool.Refused + aside.Refused,
                DroppedShutdown = lostInRing + lostAside,
                DroppedByLevel = [.. MemoryMarshal.CreateReadOnlySpan(ref levels[0], LevelCounts.Size)],
                Dead = spool.Dead + aside.Dead,
                InRing = inRing - lostInRing,
                InSpool = spool.Waiting + aside.Waiting - lostAside,
                RingBytes = _ring.UsedBytes,
                SpoolBytes = _spool?.Bytes ?? 0,
                Batches = _accounts.Batches + (_spool?.Destination.Batches ?? 0) + _aside.Destination.Batches,
                Errors = _accounts.Errors,
                Retries = _accounts.Retries + (_spool?.Destination.Retries ?? 0) + _aside.Destination.Retries,
                Spooled = _accounts.Spooled,
                Replayed = spool.Written,
                OldestUnsentAge = OldestAge(),
                LastError = _accounts.LastError,
                IsDestinationAway = _direct.IsAway,
                IsSpooling = spool.Waiting > 0,
                IsSpoolFull = _spool?.IsFull is true,
                SpoolProblem = _spoolProblem ?? (_spool is { IsFailing: true } ? "The spool cannot be written." : null),
                IsQueueOnDisk = _ring.IsFile,
            };
        }
    }

    /// <summary>
    /// Takes no more, sends what was taken within <see cref="LogQueueOptions.ShutdownTimeout"/>, leaves the rest in the spool, or drops and
    /// counts it where there is none. May be called again. Needs no thread of the pool, and no synchronisation context.
    /// </summary>
    public void Dispose()
    {
        Stop();

        // The spool's own end, where the pool is starved.
        _drain.Join(_options.ShutdownTimeout + TimeSpan.FromSeconds(1));
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _drain.JoinAsync(_options.ShutdownTimeout + TimeSpan.FromSeconds(1)).ConfigureAwait(false);
    }

    /// <summary>Null where no spool is wanted, or there can be none.</summary>
    private ProcessDirectory? OpenDirectory(SpoolOwner owner)
    {
        if (_options.SpoolDirectory is not { } spool)
        {
            return null;
        }

        try
        {
            return ProcessDirectory.Create(spool, owner, _options.Fsync != SpoolFsync.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _spoolProblem = $"There is no spool, memory must do: {e.Message}";
            _self.Say("spool", _spoolProblem);
            return null;
        }
    }

    private RingMemory TakeMemory(ProcessDirectory? directory, long length)
    {
        if (directory is not null)
        {
            try
            {
                return RingMemory.Map(directory.RingPath, length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                _spoolProblem = $"The queue is in memory, and a kill of the process takes what is in it: {e.Message}";
                _self.Say("ring", _spoolProblem);
                RemoveRing(directory);
            }
        }

        return RingMemory.Allocate(length);
    }

    private static void RemoveRing(ProcessDirectory directory)
    {
        try
        {
            File.Delete(directory.RingPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Zeros only; who adopts the directory finds nothing in it.
        }
    }

    private static DeadLetters NoLetters() => new(new MemoryWalFiles(), 0, TimeProvider.System);

    private void Wake() => _drain.Wake();

    private void Stop()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ring.Close();
            _drain.Stop(_isEndShort ? _options.ShutdownTimeout / 10 : _options.ShutdownTimeout);
            _metrics.Dispose();
        }
    }

    private SlowLane MakeLane(
        IBatchDestination destination, Func<(IWalFiles Log, DeadLetters Letters)> open, long maxBytes, bool dropOldest)
    {
        var slow = new SlowDestination(destination, _options.Ordered, _clock, Random.Shared) { Asked = Asked };
        return new SlowLane(open, slow, maxBytes, dropOldest, _clock, _self);
    }

    private void Asked(Exception? failure)
    {
        if (failure is null)
        {
            _direct.Answered();
            return;
        }

        lock (_accounts.Gate)
        {
            _accounts.Failed(failure.Message);
        }
    }

    private TimeSpan OldestAge()
    {
        var ring = _drain.OldestSince is var since && since != 0 ? _clock.GetElapsedTime(since) : TimeSpan.Zero;
        var spool = _spool?.Destination.OldestTime is { } time && time != 0
            ? TimeSpan.FromTicks(Math.Max(0, RecordTime.Now(_clock) - time))
            : TimeSpan.Zero;
        return ring > spool ? ring : spool;
    }
}
