using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Cql;

/// <summary>How to reach a cluster, and the limits within which a session works.</summary>
public sealed record CqlOptions
{
    /// <summary>
    /// Where to find the first node: host names or addresses, each with a port or 9042: <c>db1</c>, <c>10.0.0.1:9043</c>,
    /// <c>[::1]:9042</c>. The others are found from it; give two or three, for when one is away.
    /// </summary>
    public required IReadOnlyList<string> ContactPoints { get; init; }

    /// <summary>The datacenter whose nodes are used. Default: that of the contact point which answers first.</summary>
    public string? LocalDatacenter { get; init; }

    /// <summary>User and password, where the cluster asks for them.</summary>
    public CqlCredentials? Credentials { get; init; }

    /// <summary>TLS; null: none.</summary>
    public CqlTlsOptions? Tls { get; init; }

    /// <summary>
    /// How long a request may take, waiting and retries included, unless it says otherwise. Default 12 s, which is more than the
    /// server's own 10 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long connecting to a node may take, TLS and authentication included. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections to each node. Default 1: one carries over a million rows a second. With TLS 2 use two cores.</summary>
    public int ConnectionsPerNode { get; init; } = 1;

    /// <summary>Requests at once on a connection; further callers wait. Default 1,024, at most 32,000.</summary>
    public int MaxRequestsInFlight { get; init; } = 1024;

    /// <summary>
    /// Bytes of requests at once on a connection; further callers wait, a larger request goes alone. Default 1 MiB: what a server takes
    /// from a connection before it looks at its other limits.
    /// </summary>
    public int MaxBytesInFlight { get; init; } = 1024 * 1024;

    /// <summary>The largest request. Default 16 MiB, the server's own default.</summary>
    public int MaxRequestLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>The largest answer; a server that announces more loses its connection. Default 64 MiB.</summary>
    public int MaxResponseLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>A connection from which nothing came for so long is asked whether it is there. Default 30 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>If it does not answer for so long, it is closed. Default 5 s.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for all nodes to agree on a changed schema. Default 10 s.</summary>
    public TimeSpan SchemaAgreementTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The first wait before a lost connection is made anew. Doubles up to <see cref="MaxReconnectDelay"/>. Default 100 ms.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait. Default 30 s.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Statements that a session keeps prepared. Default 1,000; more means that values are written into texts.</summary>
    public int MaxPreparedStatements { get; init; } = 1000;

    /// <summary>The highest version of the protocol to speak: 5 (default) or 4. The lower one is chosen where a server needs it.</summary>
    public int MaxProtocolVersion { get; init; } = 5;

    /// <summary>
    /// Whether an overloaded server shall refuse (the request goes to another node) instead of reading more slowly. Default false.
    /// </summary>
    public bool RefuseWhenOverloaded { get; init; }

    /// <summary>A name for this application, shown by <c>nodetool clientstats</c>.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>Where the client says what happens to connections and nodes. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>For jitter and for choosing between nodes; tests give one with a seed.</summary>
    internal Random Random { get; init; } = Random.Shared;

    /// <summary>Throws an <see cref="ArgumentException"/> that names every fault.</summary>
    internal void Validate()
    {
        var faults = new List<string>();
        Check(ContactPoints is { Count: > 0 }, $"{nameof(ContactPoints)} is empty: name at least one node");
        Check(ConnectionsPerNode is >= 1 and <= 64, $"{nameof(ConnectionsPerNode)} is {ConnectionsPerNode}, allowed are 1 to 64");
        Check(MaxRequestsInFlight is >= 1 and <= 32000, $"{nameof(MaxRequestsInFlight)} is {MaxRequestsInFlight}, allowed are 1 to 32000");
        Check(MaxBytesInFlight >= 1, $"{nameof(MaxBytesInFlight)} is {MaxBytesInFlight}, allowed is 1 or more");
        Check(
            MaxRequestLength is >= 1024 and <= 256 << 20,
            $"{nameof(MaxRequestLength)} is {MaxRequestLength}, allowed are 1 KiB to 256 MiB");
        Check(
            MaxResponseLength is >= 1024 and <= 256 << 20,
            $"{nameof(MaxResponseLength)} is {MaxResponseLength}, allowed are 1 KiB to 256 MiB");
        Check(MaxPreparedStatements >= 1, $"{nameof(MaxPreparedStatements)} is {MaxPreparedStatements}, allowed is 1 or more");
        Check(MaxProtocolVersion is 4 or 5, $"{nameof(MaxProtocolVersion)} is {MaxProtocolVersion}, allowed are 4 and 5");
        CheckTime(RequestTimeout, nameof(RequestTimeout));
        CheckTime(ConnectTimeout, nameof(ConnectTimeout));
        CheckTime(HeartbeatInterval, nameof(HeartbeatInterval));
        CheckTime(HeartbeatTimeout, nameof(HeartbeatTimeout));
        CheckTime(SchemaAgreementTimeout, nameof(SchemaAgreementTimeout));
        CheckTime(ReconnectDelay, nameof(ReconnectDelay));
        CheckTime(MaxReconnectDelay, nameof(MaxReconnectDelay));
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults) + ".");
        }

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }

        void CheckTime(TimeSpan time, string name) =>
            Check(time > TimeSpan.Zero && time <= TimeSpan.FromDays(1), $"{name} is {time}, allowed are more than 0 to 1 day");
    }
}
