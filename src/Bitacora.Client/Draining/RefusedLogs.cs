using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>
/// Counts what a ring refused, by level, and when the first and the last of them came since that was told; and what never came to it. From
/// any thread.
/// </summary>
internal sealed class RefusedLogs(TimeProvider clock)
{
    private LevelCounts _full;
    private LevelCounts _closed;
    private LevelCounts _failed;
    private long _first;
    private long _last;

    /// <summary>Refused because there was no room.</summary>
    public LevelCounts Full => Read(ref _full);

    /// <summary>Refused because the queue was closed.</summary>
    public LevelCounts Closed => Read(ref _closed);

    /// <summary>Could not be written down.</summary>
    public LevelCounts Failed => Read(ref _failed);

    public void CountFull(Level level)
    {
        var now = RecordTime.Now(clock);
        Interlocked.CompareExchange(ref _first, now, 0);
        Volatile.Write(ref _last, now);
        Interlocked.Increment(ref _full[IndexOf(level)]);
    }

    public void CountClosed(Level level) => Interlocked.Increment(ref _closed[IndexOf(level)]);

    public void CountFailed(Level level) => Interlocked.Increment(ref _failed[IndexOf(level)]);

    /// <summary>When what is not told yet began and ended; the next begins anew. The counts are read after this.</summary>
    public (long First, long Last) TakeTimes()
    {
        var first = Interlocked.Exchange(ref _first, 0);
        return (first, Math.Max(first, Volatile.Read(ref _last)));
    }

    private static int IndexOf(Level level) => Math.Min((int)level, LevelCounts.Size - 1);

    private static LevelCounts Read(ref LevelCounts counts)
    {
        var copy = default(LevelCounts);
        for (var i = 0; i < LevelCounts.Size; i++)
        {
            copy[i] = Volatile.Read(ref counts[i]);
        }

        return copy;
    }
}
