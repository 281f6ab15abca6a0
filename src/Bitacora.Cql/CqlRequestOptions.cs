namespace Bitacora.Cql;

/// <summary>
/// How a request is to be executed. Immutable: make one for each kind of request and share it, it costs nothing then.
/// </summary>
public sealed record CqlRequestOptions
{
    /// <summary>LOCAL_QUORUM, pages of 5,000 rows, the session's timeout, not idempotent.</summary>
    public static CqlRequestOptions Default { get; } = new();

    /// <summary>How many replicas must answer. Default: a majority in the local datacenter.</summary>
    public Consistency Consistency { get; init; } = Consistency.LocalQuorum;

    /// <summary>
    /// For lightweight transactions, <see cref="Cql.Consistency.Serial"/> or <see cref="Cql.Consistency.LocalSerial"/>; the server's
    /// default is the former. Where it is set the client sends no timestamp: the transaction has its own.
    /// </summary>
    public Consistency? SerialConsistency { get; init; }

    /// <summary>Rows a page; 0: all at once. Default 5,000.</summary>
    public int PageSize { get; init; } = 5000;

    /// <summary>Where to go on reading, from <see cref="CqlResult.PagingState"/>; empty: at the start.</summary>
    public ReadOnlyMemory<byte> PagingState { get; init; }

    /// <summary>
    /// The write timestamp in microseconds since 1970. Default: the session's clock, which never gives a number twice. With the same
    /// timestamp a repeated insert changes nothing.
    /// </summary>
    public long? Timestamp { get; init; }

    /// <summary>
    /// The host id of the one node that is to execute the request, as in <see cref="CqlNode.HostId"/>: for what each node says only of
    /// itself. The request waits for a connection to it, up to its deadline, and is never sent to another; a node that is unknown, or of
    /// another datacenter, is an error at once. Default: the client chooses.
    /// </summary>
    public Guid? Node { get; init; }

    /// <summary>
    /// How long the request may take, waiting and retries included; more than 0, at most a day. Default:
    /// <see cref="CqlOptions.RequestTimeout"/>.
    /// </summary>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= TimeSpan.FromDays(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A timeout is more than 0 and at most a day.");
    }

    /// <summary>
    /// Whether doing it twice is the same as once. Then it is also retried where nobody knows whether it was done: a lost connection, a
    /// write timeout. Default false; reads that timed out, and what was surely not done, are retried in any case.
    /// </summary>
    public bool IsIdempotent { get; init; }
}
