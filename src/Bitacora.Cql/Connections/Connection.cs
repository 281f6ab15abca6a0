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
    private const string AnswersMissing = "it was replaced: answers were missing";
    private static readonly TimeSpan MaxOrphanAge = TimeSpan.FromSeconds(30);

    private readonly Transport _transport;
    private readonly EnvelopeDecoder _decoder;
    private readonly TimeProvider _time;
    private readonly Action<ServerEvent>? _onEvent;
    private readonly ConnectionFaults _faults;
    private readonly WakeSignal _wake = new();
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loops = Task.CompletedTask;

    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly RequestsInFlight _requests;
    private readonly OutgoingFrames _outgoing;
    private readonly ConnectionHealth _health;
    private bool _senderIsIdle;
    private bool _hasRefused;
    private volatile bool _isUsable = true;
    private volatile CqlException? _fault;

    public Connection(
        Transport transport, EnvelopeDecoder decoder, NodeAddress address, ProtocolVersion version, CqlOptions options,
        Action<ServerEvent>? onEvent = null)
    {
        _transport = transport;
        _decoder = decoder;
        _time = options.TimeProvider;
        _onEvent = onEvent;
        _faults = new ConnectionFaults(address);
        Address = address;
        Version = version;
        _outgoing = new OutgoingFrames(version);
        _requests = new RequestsInFlight(options, version, _outgoing);
        _health = new ConnectionHealth(options);
    }

    public NodeAddress Address { get; }

    public ProtocolVersion Version { get; }

    /// <summary>Whether it takes requests. May have changed when it is used: then <see cref="TryEnqueue"/> says so.</summary>
    public bool IsUsable => _isUsable;

    /// <summary>Requests that it has, waiting ones included: a number to compare with others, read without the lock.</summary>
    public int Load => _requests.Count;

    public int Waiting => _requests.Waiting;

    public int Orphans => _requests.Orphans;

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
                _requests.Add(request);
                WakeSender(_senderIsIdle && !_outgoing.IsEmpty);
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

            _requests.Remove(request, _time.GetTimestamp());
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
            _requests.TakeExpired(now, taken);
            expired = taken.Count;
            if (_isUsable && (_requests.Orphans > MaxOrphans || _requests.HasOrphanBefore(now - Ticks(MaxOrphanAge))))
            {
                Retire(taken);
            }

            AskIfDue(now);
        }

        for (var i = 0; i < taken.Count; i++)
        {
            taken[i].Fail(i < expired ? _faults.TimedOut(taken[i].WasSent) : _faults.Replaced(), taken[i].WasSent);
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
                    // Behind the callers that are ready to run: they often have requests too, which then go in the same write.
                    await Task.Yield();
                    continue;
                }

                foreach (var chunk in chunks)
                {
                    await _transport.Stream.WriteAsync(chunk.Finish(framed: Version >= ProtocolVersion.V5)).ConfigureAwait(false);
                    lock (_lock)
                    {
                        _outgoing.Recycle(chunk);
                    }
                }

                chunks.Clear();
            }
        }
        catch (Exception fault)
        {
            Close(_faults.Describe(fault));
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
            Close(_faults.Describe(fault));
        }
    }

    private bool TryTakeRound(List<OutgoingChunk> chunks)
    {
        lock (_lock)
        {
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
            state = _requests.Answered(stream, out request);
            WakeSender(_senderIsIdle && !_outgoing.IsEmpty);
        }

        if (state != StreamState.Unknown)
        {
            request?.Complete(_decoder, envelope, this);
        }
        else if (ConnectionFaults.IsRefusal(envelope, Version))
        {
            OneWasRefused();
        }
        else
        {
            throw ConnectionFaults.UnknownStream(envelope, Version);
        }

        if (_hasRefused)
        {
            FailRefused();
        }
    }

    /// <summary>No more requests come: once the others are answered, those that are left are the refused ones.</summary>
    private void OneWasRefused()
    {
        List<Request> waiting = [];
        lock (_lock)
        {
            _hasRefused = true;
            _requests.RefusedOne();
            Retire(waiting);
        }

        waiting.ForEach(request => request.Fail(_faults.Replaced(), wasSent: false));
    }

    private void FailRefused()
    {
        var refused = new List<Request>();
        lock (_lock)
        {
            if (!_requests.TryTakeRefused(refused))
            {
                return;
            }
        }

        Close(new CqlConnectionException(AnswersMissing));
        refused.ForEach(request => request.Fail(_faults.Refused(), wasSent: true));
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
            _requests.TakeAll(left);
            WakeSender(_senderIsIdle);
        }

        _transport.Abort();
        _retired.TrySetResult();
        foreach (var request in left)
        {
            request.Fail(_faults.Lost(fault, request.WasSent), request.WasSent);
        }
    }

    private void CloseIfDrained()
    {
        if (!_isUsable && _requests.OnlyOrphans)
        {
            Close(new CqlConnectionException(AnswersMissing));
        }
    }

    // Called with the lock, as those below.
    private void WakeSender(bool needed)
    {
        if (needed)
        {
            _senderIsIdle = false;
            _wake.Wake();
        }
    }

    private void Retire(List<Request> taken)
    {
        _isUsable = false;
        _requests.TakeWaiting(taken);
        _retired.TrySetResult();
    }

    private void AskIfDue(long now)
    {
        if (_fault is null && _health.IsHeartbeatDue(now))
        {
            _health.Asked(now);
            _requests.AddHeartbeat();
            WakeSender(_senderIsIdle && !_outgoing.IsEmpty);
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
