namespace Bitacora.Cql.Connections;

/// <summary>What an answer's stream was in use for.</summary>
internal enum StreamState
{
    /// <summary>Nothing: no request of this client is on it.</summary>
    Unknown,

    /// <summary>A request that waits for the answer.</summary>
    Pending,

    /// <summary>A request whose caller has gone; the stream was kept until this answer.</summary>
    Orphaned,

    /// <summary>The heartbeat.</summary>
    Heartbeat,
}
