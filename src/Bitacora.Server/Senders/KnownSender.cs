namespace Bitacora.Server.Senders;

/// <summary>One sender, as far as its requests told. One caller at a time.</summary>
internal sealed class KnownSender(string? key, DateTimeOffset firstSeen)
{
    public static TimeSpan SilentAfter { get; } = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _dropsFor = TimeSpan.FromMinutes(10);

    private SenderHeader? _header;
    private string _address = "";
    private string _client = "";
    private long _requests;
    private long _records;
    private long _rejected;
    private DateTimeOffset? _lastDrop;

    public DateTimeOffset LastSeen { get; private set; }

    public void Saw(SenderHeader? header, string address, string client, long records, long rejected, DateTimeOffset now)
    {
        // Requests overtake each other: counters only grow, and an older header says nothing new.
        if (header is not null && (_header is null || header.Counter("accepted") >= _header.Counter("accepted")
            || header.Dropped > _header.Dropped))
        {
            _lastDrop = header.Dropped > (_header?.Dropped ?? 0) ? now : _lastDrop;
            _header = header;
        }

        (_address, _client) = (address, client);
        _requests++;
        _records += records;
        _rejected += rejected;
        LastSeen = now;
    }

    public SenderStatus ToStatus(DateTimeOffset now) => new()
    {
        Name = _header?.Sender ?? key ?? (_client.Length > 0 ? _client : _address),
        Key = key,
        Host = _header?.Text("host"),
        Process = _header?.Counter("process"),
        Client = _client,
        Address = _address,
        Header = _header,
        Requests = _requests,
        Records = _records,
        Rejected = _rejected,
        FirstSeen = firstSeen,
        LastSeen = LastSeen,
        State = _lastDrop is { } drop && now - drop < _dropsFor ? SenderState.Drops
            : now - LastSeen > SilentAfter ? SenderState.Silent
            : SenderState.Ok,
    };
}

/// <summary>How a sender is; the worse the higher.</summary>
internal enum SenderState
{
    /// <summary>Nothing came from it for five minutes, and something from another process of its name and host: it was replaced.</summary>
    Ended,

    Ok,

    /// <summary>Nothing came from it for five minutes.</summary>
    Silent,

    /// <summary>It has said within the last ten minutes that it dropped records.</summary>
    Drops,
}

/// <summary>A sender at one moment.</summary>
internal sealed record SenderStatus
{
    public required string Name { get; init; }

    /// <summary>The name of the key that it shows.</summary>
    public required string? Key { get; init; }

    public required string? Host { get; init; }

    public required long? Process { get; init; }

    public required string Client { get; init; }

    public required string Address { get; init; }

    /// <summary>What it said last; null for one that says nothing of itself.</summary>
    public required SenderHeader? Header { get; init; }

    public required long Requests { get; init; }

    /// <summary>Records that the server took from it, repeats too.</summary>
    public required long Records { get; init; }

    /// <summary>Records of it that the server could not read.</summary>
    public required long Rejected { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required SenderState State { get; init; }
}
