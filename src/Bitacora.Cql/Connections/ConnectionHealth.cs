namespace Bitacora.Cql.Connections;

/// <summary>
/// Whether the other side is there. What counts is what comes in, never what goes out: a connection into which one can write for ever
/// may be dead. Guarded by the connection's lock, except <see cref="Received"/>.
/// </summary>
internal sealed class ConnectionHealth(CqlOptions options)
{
    private long _lastReceived = options.TimeProvider.GetTimestamp();
    private long _askedAt;
    private volatile bool _isDoubted;

    /// <summary>Something came; called by the receive loop alone.</summary>
    public void Received(long now) => Volatile.Write(ref _lastReceived, now);

    public bool IsHeartbeatDue(long now) => _askedAt <= Volatile.Read(ref _lastReceived) &&
        (_isDoubted || Elapsed(Volatile.Read(ref _lastReceived), now) >= options.HeartbeatInterval);

    /// <summary>Somebody says that the node is down: ask it now.</summary>
    public void Doubt() => _isDoubted = true;

    /// <summary>The other side was asked; from now on its time runs.</summary>
    public void Asked(long now) => (_askedAt, _isDoubted) = (now, false);

    /// <summary>It was asked, and nothing has come since for too long.</summary>
    public bool IsSilent(long now) =>
        _askedAt > Volatile.Read(ref _lastReceived) && Elapsed(_askedAt, now) >= options.HeartbeatTimeout;

    private TimeSpan Elapsed(long since, long now) => options.TimeProvider.GetElapsedTime(since, now);
}
