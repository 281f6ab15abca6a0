namespace Bitacora.Cli.Ingesting;

/// <summary>What became of the lines. Reading and sending count at once, so all of it is behind one lock.</summary>
internal sealed class IngestTotals
{
    // Guards everything.
    private readonly Lock _lock = new();
    private long _stored;
    private long _duplicates;
    private long _minTime = long.MaxValue;
    private long _maxTime = long.MinValue;

    /// <summary>Records that the server acknowledged and did not have before.</summary>
    public long Stored
    {
        get
        {
            lock (_lock)
            {
                return _stored;
            }
        }
    }

    /// <summary>Records that the server had already.</summary>
    public long Duplicates
    {
        get
        {
            lock (_lock)
            {
                return _duplicates;
            }
        }
    }

    /// <summary>The times of what was stored; null when nothing was.</summary>
    public (long First, long Last)? Times
    {
        get
        {
            lock (_lock)
            {
                return _minTime > _maxTime ? null : (_minTime, _maxTime);
            }
        }
    }

    /// <summary>Counts a batch that was acknowledged.</summary>
    public void Acknowledge(long accepted, long duplicates, long minTime, long maxTime)
    {
        lock (_lock)
        {
            _stored += accepted - duplicates;
            _duplicates += duplicates;
            if (accepted > duplicates)
            {
                _minTime = Math.Min(_minTime, minTime);
                _maxTime = Math.Max(_maxTime, maxTime);
            }
        }
    }
}
