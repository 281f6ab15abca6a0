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
