using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Connections;

/// <summary>
/// One socket with many requests on it. Two loops: one sends what was written, one receives and hands out answers. Callers that find
/// no free stream, or too many bytes under way, wait in line. When it ends, for whatever reason, each request that it still has is
/// failed exactly once, and told whether anything of it was sent.
/// </summary>
internal sealed class Connection : IAsyncDisposable
{
    // A few callers give up now and then; so many, or for so long, means that answers are lost, and their streams with them.
    private const int MaxOrphans = 256;
    private static readonly TimeSpan MaxOrphanAge = TimeSpan.FromSeconds(30);

    private readonly Transport _transport;
    private readonly EnvelopeDecoder _decoder;
    private readonly TimeProvider _time;
    private readonly int _maxBytesInFlight;
    private readonly Action<ServerEvent>? _onEvent;
    private readonly WakeSignal _wake = new();
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loops = Task.CompletedTask;

    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly StreamTable _streams;
    private readonly WaitingLine _waiting = new();
    private readonly OutgoingFrames _outgoing;
    private readonly ConnectionHealth _health;
    private long _bytesInFlight;
    private bool _senderIsIdle;
    private volatile bool _isUsable = true;
    private volatile CqlException? _fault;

    public Connection(
        Transport transport, EnvelopeDecoder decoder, NodeAddress address, ProtocolVersion version, CqlOptions options,
        Action<ServerEvent>? onEvent = null)
    {
        _transport = transport;
        _decoder = decoder;
        _time = options.TimeProvider;
        _maxBytesInFlight = options.MaxBytesInFlight;
        _onEvent = onEvent;
        Address = address;
        Version = version;
        _streams = new StreamTable(options.MaxRequestsInFlight);
        _outgoing = new OutgoingFrames(version);
        _health = new ConnectionHealth(options);
    }

    public NodeAddress Address { get; }

    public ProtocolVersion Version { get; }

    /// <summary>Whether it takes requests. May have changed when it is used: then <see cref="TryEnqueue"/> says so.</summary>
    public bool IsUsable => _isUsable;

    /// <summary>Requests that it has, waiting ones included: a number to compare with others, read without the lock.</summary>
    public int Load => _streams.InUse + _waiting.Count;

    public int Waiting => _waiting.Count;

    public int Orphans => _streams.Orphans;

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>Ends when it takes no more requests: it was closed, or is to be replaced.</summary>
    public Task Retired => _retired.Task;

    /// <summary>Why it was closed; null while it is open.</summary>
    public CqlException? Fault => _fault;

    public void Start()
    {
        // Not in the context of whoever happened to connect.
        using (ExecutionContext.SuppressFlow())
        {
            _loops = Task.Run(RunAsync);
        }
    }

    /// <summary>Takes the request, now or when its turn comes. False: it takes no more, the request is as before.</summary>
    public bool TryEnqueue(Request request)
    {
        // What it measures is fixed here, outside the lock; it writes so much later.
        request.Size = EnvelopeHeader.Size + request.Measure(Version);
        lock (_lock)
        {
            if (!_isUsable)
            {
                return false;
            }

            request.Owner = this;
            // See SessionRequest.CancellationRequested.
            Interlocked.MemoryBarrier();
            if (!request.IsCancelled)
            {
                Admit(request);
                return true;
            }

            request.Owner = null;
        }

        request.Cancel();
        return true;
    }

    /// <summary>
    /// The caller has gone. If the request is still here, its place in the line is given up; its stream is not, until the answer comes.
    /// </summary>
    public void Abandon(Request request)
    {
        lock (_lock)
        {
            if (request.Owner != this)
            {
                return;
            }

            Disown(request);
        }

        request.Cancel();
    }

    /// <summary>Somebody says that the node is down: asks it at the next sweep, and closes if it does not answer.</summary>
    public void Doubt() => _health.Doubt();

    /// <summary>Looks after deadlines, heartbeats and orphans; called every few tens of milliseconds.</summary>
    /// <param name="now">The time provider's timestamp.</param>
    /// <param name="taken">Working memory, empty before and after.</param>
    public void Sweep(long now, List<Request> taken)
    {
        bool isSilent;
        int expired;
        lock (_lock)
        {
            isSilent = _health.IsSilent(now);
            TakeExpired(now, taken);
            expired = taken.Count;
            if (_isUsable && (_streams.Orphans > MaxOrphans || _streams.HasOrphanBefore(now - Ticks(MaxOrphanAge))))
            {
                Retire(taken);
            }

            AskIfDue(now);
        }

        for (var i = 0; i < taken.Count; i++)
        {
            taken[i].Fail(i < expired ? TimedOut(taken[i]) : Replaced(), taken[i].WasSent);
        }

        taken.Clear();
        if (isSilent)
        {
            Close(new CqlConnectionException("nothing came from it for too long, not even an answer to whether it is there"));
        }

        CloseIfDrained();
    }

    /// <summary>Closes it; what it still has is failed. Ends when nothing of it runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Close(new CqlConnectionException("the client closed it"));
        await _loops.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await Task.WhenAll(SendAsync(), ReceiveAsync()).ConfigureAwait(false);
        _decoder.Dispose();
        _transport.Dispose();
    }

    private async Task SendAsync()
    {
        await Task.Yield();
        var chunks = new List<OutgoingChunk>();
        try
        {
            while (_fault is null)
            {
                if (!TryTakeRound(chunks))
                {
                    await _wake.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                foreach (var chunk in chunks)
                {
                    var bytes = chunk.Finish(framed: Version >= ProtocolVersion.V5);
                    await _transport.Stream.WriteAsync(bytes).ConfigureAwait(false);
                    BytesSent += bytes.Length;
                }
            }
        }
        catch (Exception fault)
        {
            Close(Describe(fault));
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var count = await _transport.Stream.ReadAsync(_decoder.FreeMemory).ConfigureAwait(false);
                if (count == 0)
                {
                    throw new CqlConnectionException("the server closed it");
                }

                _health.Received(_time.GetTimestamp());
                BytesReceived += count;
                _decoder.Received(count);
                while (_decoder.TryRead(out var envelope))
                {
                    HandOut(envelope);
                }

                CloseIfDrained();
            }
        }
        catch (Exception fault)
        {
            Close(Describe(fault));
        }
    }

    private bool TryTakeRound(List<OutgoingChunk> chunks)
    {
        lock (_lock)
        {
            _outgoing.Recycle(chunks);
            if (_outgoing.IsEmpty)
            {
                _wake.Reset();
                _senderIsIdle = true;
                // Closed just now: nobody would wake it.
                WakeSender(_fault is not null);
                return false;
            }

            _outgoing.Take(chunks);
            return true;
        }
    }

    private void HandOut(in Envelope envelope)
    {
        var stream = envelope.Header.Stream;
        if (stream < 0)
        {
            HandOutEvent(envelope);
            return;
        }

        StreamState state;
        Request? request;
        lock (_lock)
        {
            state = _streams.Release(stream, out request, out var size);
            _bytesInFlight -= size;
            if (request is not null)
            {
                request.Owner = null;
            }

            while (_waiting.First is { } next && HasRoomFor(next))
            {
                _waiting.Remove(next);
                Write(next);
            }
        }

        if (state == StreamState.Unknown)
        {
            throw UnknownStream(envelope);
        }

        request?.Complete(_decoder, envelope, this);
    }

    private void HandOutEvent(in Envelope envelope)
    {
        if (envelope.Header.Stream != -1 || envelope.Header.Opcode != Opcode.Event)
        {
            throw new CqlProtocolException($"{envelope.Header.Opcode} came on stream {envelope.Header.Stream}");
        }

        var reader = new WireReader(envelope.Body);
        ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
        var happened = ServerEvent.Read(ref reader);
        _onEvent?.Invoke(happened);
    }

    /// <summary>Fails all that it has, once; the first fault counts.</summary>
    private void Close(CqlException fault)
    {
        var left = new List<Request>();
        lock (_lock)
        {
            if (_fault is not null)
            {
                return;
            }

            fault.Node ??= Address.EndPoint;
            _fault = fault;
            _isUsable = false;
            TakeWaiting(left);
            var waiting = left.Count;
            _streams.Drain(left);
            foreach (var request in left.Skip(waiting))
            {
                request.WasSent = request.Round < _outgoing.Round;
                request.Owner = null;
            }

            WakeSender(_senderIsIdle);
        }

        _transport.Abort();
        _retired.TrySetResult();
        foreach (var request in left)
        {
            request.Fail(Lost(fault), request.WasSent);
        }
    }

    private void CloseIfDrained()
    {
        if (!_isUsable && _streams.InUse == _streams.Orphans)
        {
            Close(new CqlConnectionException("it was replaced: too many answers were missing"));
        }
    }

    // The methods below are called with the lock.
    private void Admit(Request request)
    {
        if (_waiting.Count == 0 && HasRoomFor(request))
        {
            Write(request);
        }
        else
        {
            _waiting.Add(request);
        }
    }

    private bool HasRoomFor(Request request) =>
        _streams.HasFree && (_bytesInFlight == 0 || _bytesInFlight + request.Size <= _maxBytesInFlight);

    private void Write(Request request)
    {
        request.Stream = _streams.Take(request, request.Size);
        request.Round = _outgoing.Round;
        _bytesInFlight += request.Size;
        var bodyLength = request.Size - EnvelopeHeader.Size;
        _outgoing.Append(new EnvelopeHeader((byte)Version, EnvelopeFlags.None, request.Stream, request.Opcode, bodyLength), request);
        WakeSender(_senderIsIdle);
    }

    private void WakeSender(bool needed)
    {
        if (needed)
        {
            _senderIsIdle = false;
            _wake.Wake();
        }
    }

    private void Disown(Request request)
    {
        if (request.IsWaiting)
        {
            _waiting.Remove(request);
            request.WasSent = false;
        }
        else
        {
            _streams.Orphan(request.Stream, _time.GetTimestamp());
            request.WasSent = true;
        }

        request.Owner = null;
    }

    private void TakeExpired(long now, List<Request> taken)
    {
        for (var request = _waiting.First; request is not null; request = request.After)
        {
            if (request.Deadline <= now)
            {
                taken.Add(request);
            }
        }

        _streams.CollectExpired(now, taken);
        foreach (var request in taken)
        {
            Disown(request);
        }
    }

    private void Retire(List<Request> taken)
    {
        _isUsable = false;
        TakeWaiting(taken);
        _retired.TrySetResult();
    }

    private void TakeWaiting(List<Request> taken)
    {
        while (_waiting.First is { } request)
        {
            Disown(request);
            taken.Add(request);
        }
    }

    private void AskIfDue(long now)
    {
        if (_fault is null && _health.IsHeartbeatDue(now))
        {
            _health.Asked(now);
            if (_streams.TryTakeHeartbeat())
            {
                _outgoing.Append(new EnvelopeHeader((byte)Version, EnvelopeFlags.None, StreamTable.Heartbeat, Opcode.Options, 0), null);
                WakeSender(_senderIsIdle);
            }
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private CqlTimeoutException TimedOut(Request request) => new(
        request.WasSent
            ? $"no answer came from {Address} before the request's deadline; it may have been executed"
            : $"its turn on the connection to {Address} did not come before its deadline: more is asked for than the node answers",
        request.WasSent) { Node = Address.EndPoint };

    private CqlConnectionException Replaced() => new("the connection is being replaced") { Node = Address.EndPoint };

    // An exception object of its own for each request: they are thrown on several threads.
    private CqlException Lost(CqlException fault) => fault is CqlProtocolException
        ? new CqlProtocolException(fault.Message, fault) { Node = Address.EndPoint }
        : new CqlConnectionException($"the connection was lost: {fault.Message}", fault) { Node = Address.EndPoint };

    private CqlProtocolException UnknownStream(in Envelope envelope)
    {
        var stream = envelope.Header.Stream;
        if (envelope.Header.Opcode != Opcode.Error)
        {
            return new CqlProtocolException($"an answer came on stream {stream}, on which nothing was asked");
        }

        var reader = new WireReader(envelope.Body);
        ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
        return new CqlProtocolException($"the server says on stream {stream}: {ServerError.Read(ref reader, Version).Message}");
    }

    private CqlException Describe(Exception fault) => fault switch
    {
        CqlException known => known,
        IOException or ObjectDisposedException => new CqlConnectionException(
            fault.InnerException?.Message ?? fault.Message, fault) { Node = Address.EndPoint },
        _ => new CqlProtocolException($"an answer could not be handled: {fault.Message}", fault) { Node = Address.EndPoint },
    };
}
