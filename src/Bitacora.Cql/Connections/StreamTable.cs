namespace Bitacora.Cql.Connections;

/// <summary>
/// Which request is on which stream. A stream is free again only when its answer has come, however late, so that an answer can never
/// reach another request. Stream 0 is left out (servers use it for errors that they cannot place), 1 is the heartbeat's.
/// </summary>
internal sealed class StreamTable
{
    public const short Heartbeat = 1;

    private const short First = 2;
    private readonly Entry[] _entries;
    private readonly short[] _free;
    private int _freeCount;
    private bool _heartbeatIsPending;

    public StreamTable(int capacity)
    {
        _entries = new Entry[capacity];
        _free = new short[capacity];
        for (var i = capacity - 1; i >= 0; i--)
        {
            _free[_freeCount++] = (short)(First + i);
        }
    }

    public bool HasFree => _freeCount > 0;

    /// <summary>Streams in use, orphans among them.</summary>
    public int InUse => _free.Length - _freeCount;

    public int Orphans { get; private set; }

    /// <summary>Answers that are still to come: the heartbeat's too.</summary>
    public int Unanswered => InUse + (_heartbeatIsPending ? 1 : 0);

    public short Take(Request request, int size)
    {
        var stream = _free[--_freeCount];
        _entries[stream - First] = new Entry(request, size, 0);
        return stream;
    }

    public bool TryTakeHeartbeat()
    {
        var taken = !_heartbeatIsPending;
        _heartbeatIsPending = true;
        return taken;
    }

    /// <summary>The caller has gone; the stream stays taken.</summary>
    public void Orphan(short stream, long now)
    {
        ref var entry = ref _entries[stream - First];
        entry = entry with { Request = null, OrphanedAt = now };
        Orphans++;
    }

    /// <summary>An answer came: the stream is free.</summary>
    public StreamState Release(short stream, out Request? request, out int size)
    {
        (request, size) = (null, 0);
        if (stream == Heartbeat)
        {
            var state = _heartbeatIsPending ? StreamState.Heartbeat : StreamState.Unknown;
            _heartbeatIsPending = false;
            return state;
        }

        if (stream < First || stream - First >= _entries.Length || _entries[stream - First].Size == 0)
        {
            return StreamState.Unknown;
        }

        ref var entry = ref _entries[stream - First];
        (request, size) = (entry.Request, entry.Size);
        entry = default;
        _free[_freeCount++] = stream;
        Orphans -= request is null ? 1 : 0;
        return request is null ? StreamState.Orphaned : StreamState.Pending;
    }

    /// <summary>Adds the requests that are still waiting after this time.</summary>
    public void CollectExpired(long now, List<Request> expired)
    {
        foreach (var entry in _entries)
        {
            if (entry.Request is { } request && request.Deadline <= now)
            {
                expired.Add(request);
            }
        }
    }

    public bool HasOrphanBefore(long time)
    {
        if (Orphans > 0)
        {
            foreach (var entry in _entries)
            {
                if (entry.Size > 0 && entry.Request is null && entry.OrphanedAt < time)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Gives all requests back and forgets them: the connection is closed.</summary>
    public void Drain(List<Request> requests)
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Request is { } request)
            {
                requests.Add(request);
            }

            entry = default;
        }
    }

    /// <summary>A stream in use; one that is free has size 0.</summary>
    private readonly record struct Entry(Request? Request, int Size, long OrphanedAt);
}
