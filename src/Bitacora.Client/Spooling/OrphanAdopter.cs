using Bitacora.Client.Draining;
using Bitacora.Client.Ring;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Spooling;

/// <summary>
/// Takes over what processes left in the spool that have ended: their write-ahead logs and their rings go into this process's lane, one
/// batch at a time, and only when all of it is there a directory is removed. Who holds a directory's lock adopts it, so it is adopted
/// once. What <see cref="SpoolOwner"/> says is another's is left to that one, and told. On a thread of its own, beside live traffic.
/// </summary>
internal sealed class OrphanAdopter(
    string spool, SpoolOwner owner, SlowLane lane, RecordMaker maker, LogQueueOptions options, TimeProvider clock, SelfLog self)
{
    private const int RetryMilliseconds = 200;

    // Guards the flag, and who waits is woken by it.
    private readonly object _gate = new();
    private bool _isStopping;
    private Thread? _thread;

    /// <summary>Directories that were adopted wholly.</summary>
    public int Adopted { get; private set; }

    /// <summary>Begins, if processes have been there before.</summary>
    /// <param name="own">This process's directory.</param>
    public void Start(string own)
    {
        var orphans = Directories(own);
        if (orphans.Length > 0)
        {
            _thread = new Thread(() => Run(orphans)) { IsBackground = true, Name = "Bitacora adopter" };
            _thread.UnsafeStart();
        }
    }

    /// <summary>Ends it between two batches; what is not adopted stays where it is.</summary>
    public void Stop(TimeSpan patience)
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread?.Join(patience);
    }

    private string[] Directories(string own)
    {
        try
        {
            return [.. Directory.GetDirectories(spool, ProcessDirectory.Prefix + "*").Where(path => path != own)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            self.Say("adopt", $"the spool cannot be looked through: {e.Message}");
            return [];
        }
    }

    private void Run(string[] orphans)
    {
        var others = new List<(string Path, SpoolOwner Owner)>();
        try
        {
            // A lock may be held for a moment only, by another application that looks whose the directory is.
            var held = orphans.Where(path => !TryAdopt(path, others)).ToList();
            if (held.Count > 0 && !IsStopping(RetryMilliseconds))
            {
                held.ForEach(path => TryAdopt(path, others));
            }
        }
        catch (OperationCanceledException)
        {
            // What is left waits where it is.
        }

        if (others.Count > 0)
        {
            var (path, left) = others[0];
            self.Say(
                "others",
                $"logs wait in {spool} that other applications left for other destinations, in {others.Count} directories; the first is "
                + $"{path}, of {left.Source} for {left.Destination ?? "a destination without a name"}.");
        }
    }

    /// <summary>False: somebody holds the directory.</summary>
    private bool TryAdopt(string path, List<(string Path, SpoolOwner Owner)> others)
    {
        try
        {
            return AdoptIfLeft(path, others);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            self.Say($"adopt {path}", $"{path} cannot be adopted now: {e.Message}");
            return true;
        }
    }

    private bool AdoptIfLeft(string path, List<(string Path, SpoolOwner Owner)> others)
    {
        if (!Directory.Exists(path))
        {
            return true;
        }

        FileStream held;
        try
        {
            held = ProcessDirectory.Lock(path, FileMode.OpenOrCreate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its process lives, or another one was faster.
            return false;
        }

        using (held)
        {
            if (SpoolOwner.Read(path) is { } left && !owner.MayAdopt(left))
            {
                others.Add((path, left));
                return true;
            }

            // The ring is looked at first: where it cannot be read now, because a newer version wrote it or the disk fails, all is left as
            // it is. A log that was adopted before that is known would be adopted again at each start.
            var ringPath = Path.Combine(path, ProcessDirectory.RingName);
            var ring = OpenRing(ringPath);
            var records = AdoptLog(Path.Combine(path, ProcessDirectory.LogName));
            records += ring is null ? 0 : AdoptRing(ring, ringPath);
            ProcessDirectory.Remove(path);
            Adopted++;
            if (records > 0)
            {
                self.Say($"adopt {path}", $"{records} records were taken over that another process had left.");
            }

            return true;
        }
    }

    private long AdoptLog(string path)
    {
        if (!Directory.Exists(path))
        {
            return 0;
        }

        long records = 0;
        using var log = new WriteAheadLog(
            new LazyFlushFiles(new WalDirectory(path), flushAtClose: false), new WalOptions(), clock, static (_, _) => { });
        foreach (var entry in log.Recover(0))
        {
            Hand(entry.Batch);
            records += entry.Batch.Count;
        }

        foreach (var loss in log.Recovery.Losses)
        {
            self.Say("loss", $"{loss.Kind} in {path}/{loss.File} at {loss.Offset}, {loss.Bytes} bytes: {loss.Reason}.");
        }

        return records;
    }

    /// <summary>Null where there is none, or none that can ever be read: that is kept elsewhere.</summary>
    private RecoveredRing? OpenRing(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return RecoveredRing.Open(path);
        }
        catch (InvalidDataException e)
        {
            if (!IsUnwritten(path))
            {
                Keep(path, e.Message);
            }

            return null;
        }
    }

    private long AdoptRing(RecoveredRing ring, string path)
    {
        var batch = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, clock);
        while (ring.TryRead(out var entry))
        {
            lock (maker.Turn)
            {
                maker.Add(batch, entry, ring.Header.Origin, ring.Header.Writer);
            }

            if (batch.Count >= options.BatchSize || batch.ByteLength >= options.MaxBatchBytes)
            {
                Hand(batch.Freeze());
            }
        }

        if (batch.Count > 0)
        {
            Hand(batch.Freeze());
        }

        if (ring.Damaged > 0)
        {
            self.Say("loss", $"{ring.Damaged} damaged entries in {path} were passed over; {ring.Found} of {ring.Claimed} were read.");
        }

        return ring.Found;
    }

    private static bool IsUnwritten(string path)
    {
        Span<byte> start = stackalloc byte[sizeof(ulong)];
        using var file = File.OpenHandle(path);
        return RingHeader.IsUnwritten(start[..RandomAccess.Read(file, start, 0)]);
    }

    /// <summary>For people to look at; beside the dead letters it is in nobody's way.</summary>
    private void Keep(string path, string why)
    {
        var letters = Path.Combine(spool, ProcessDirectory.LettersName);
        Directory.CreateDirectory(letters);
        var kept = Path.Combine(letters, Path.GetFileName(Path.GetDirectoryName(path)) + ".ring");
        File.Move(path, kept, overwrite: true);
        self.Say($"ring {path}", $"{path} cannot be read, {why}; it is kept as {kept}.");
    }

    /// <summary>Returns when the batch is in this process's log.</summary>
    private void Hand(RecordBatch batch)
    {
        while (!IsStopping(0))
        {
            if (lane.TryHand(batch, isAdopted: true) is not { } hand)
            {
                // Full, or the disk fails: what is left waits where it is.
                IsStopping(RetryMilliseconds);
                continue;
            }

            ((IAsyncResult)hand.Task).AsyncWaitHandle.WaitOne();
            if (lane.End(hand, batch))
            {
                return;
            }
        }

        throw new OperationCanceledException("The queue is closed.");
    }

    private bool IsStopping(int waitMilliseconds)
    {
        lock (_gate)
        {
            return _isStopping || (waitMilliseconds > 0 && Monitor.Wait(_gate, waitMilliseconds) && _isStopping);
        }
    }
}
