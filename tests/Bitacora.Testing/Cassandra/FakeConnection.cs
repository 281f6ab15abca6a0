using System.Net.Security;
using System.Net.Sockets;
using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>A node's side of one connection.</summary>
public sealed class FakeConnection
{
    private const int LargestBody = 256 * 1024 * 1024;
    private readonly FakeNode _node;
    private readonly Socket _socket;
    private readonly Inbound _inbound;
    private readonly Outbound _outbound;
    // Guards the ids in flight, which replies released by a test give back.
    private readonly Lock _lock = new();
    private readonly HashSet<short> _inFlight = [];
    private TaskCompletionSource? _paused;
    private bool _starting;
    private bool _discarding;

    internal FakeConnection(FakeNode node, Socket socket, int number)
    {
        _node = node;
        _socket = socket;
        _socket.NoDelay = true;
        Number = number;
        _inbound = new Inbound(LargestBody, OnMessage);
        _outbound = new Outbound(node.Options.SegmentPayload, node.Options.WriteSize);
    }

    /// <summary>Counts from 1 in the order of acceptance.</summary>
    public int Number { get; }

    /// <summary>The protocol version that STARTUP fixed; 0 before.</summary>
    public int Version { get; private set; }

    public IReadOnlyList<string> RegisteredFor { get; internal set; } = [];

    internal bool Authenticated { get; set; }

    internal int AuthSteps { get; set; }

    /// <summary>Requests that have not been answered.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight.Count;
            }
        }
    }

    /// <summary>Reads nothing more until <see cref="ResumeReading"/>: the client's writes pile up in the sockets' buffers.</summary>
    public void PauseReading() => Interlocked.CompareExchange(
        ref _paused, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void ResumeReading() => Interlocked.Exchange(ref _paused, null)?.SetResult();

    /// <summary>Sends a message that nobody asked for.</summary>
    public void Send(FakeReply reply, short stream)
    {
        List<(EnvelopeHeader, byte[], FakeReply)> messages = [];
        Encode(messages, reply, stream, skipMetadata: false);
        _outbound.Append(messages);
        _outbound.Flush();
    }

    /// <summary>Sends bytes that are no message of any kind.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes) => _outbound.AppendRaw(bytes);

    /// <summary>Ends the connection after what has been sent so far, as an orderly peer does.</summary>
    public void Close() => _outbound.Close();

    /// <summary>Ends the connection at once with a reset, as a killed peer does.</summary>
    public void Reset()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
            _socket.Close();
        }
        catch (ObjectDisposedException)
        {
        }
        finally
        {
            ResumeReading();
            _outbound.Close();
        }
    }

    internal async Task RunAsync()
    {
        try
        {
            await using var stream = await OpenAsync().ConfigureAwait(false);
            var sending = SendAsync(stream);
            await ReceiveAsync(stream).ConfigureAwait(false);
            _outbound.Close();
            _socket.Close();
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, which is its right.
        }
        finally
        {
            _outbound.Close();
            _socket.Dispose();
            _node.Closed(this);
        }
    }

    /// <summary>Sends replies that belong to requests, all in one write.</summary>
    internal void Transmit(IReadOnlyList<HeldReply> replies)
    {
        List<(EnvelopeHeader, byte[], FakeReply)> messages = [];
        foreach (var (_, request, reply) in replies)
        {
            lock (_lock)
            {
                _inFlight.Remove(request.Stream);
            }

            if (request.Kind == MessageKind.Startup)
            {
                Start(request, reply);
                return;
            }

            Encode(messages, reply, reply.Stream ?? request.Stream, request.SkipMetadata, request.Version);
        }

        _outbound.Append(messages);
        _outbound.Flush();
    }

    // The reply to STARTUP is the last bare envelope in both directions.
    private void Start(FakeRequest request, FakeReply reply)
    {
        var started = reply.Kind is MessageKind.Ready or MessageKind.Authenticate;
        Version = started ? request.Version : Version;
        _inbound.Framed = started && request.Version >= 5;
        _starting = false;
        List<(EnvelopeHeader, byte[], FakeReply)> messages = [];
        Encode(messages, reply with { FollowedBy = null }, reply.Stream ?? request.Stream, skipMetadata: false, request.Version);
        _outbound.Append(messages);
        if (_inbound.Framed)
        {
            _outbound.StartFraming();
        }

        if (reply.FollowedBy is { } next)
        {
            messages.Clear();
            Encode(messages, next, next.Stream ?? -1, skipMetadata: false);
            _outbound.Append(messages);
        }

        _outbound.Flush();
    }

    private void Encode(
        List<(EnvelopeHeader, byte[], FakeReply)> messages, FakeReply reply, short stream, bool skipMetadata, int version = 0)
    {
        version = version > 0 ? version : Version > 0 ? Version : _node.Options.Versions.Max();
        var context = new ReplyContext(_node.Speaks(version) ? version : _node.Options.Versions.Max(), skipMetadata);
        var body = reply.EncodeBody(context);
        var header = new EnvelopeHeader(
            reply.VersionByte ?? (byte)(EnvelopeHeader.ResponseBit | context.Version), reply.Flags, stream,
            reply.Opcode is { } opcode ? (MessageKind)opcode : reply.Kind, reply.ClaimedLength ?? body.Length);
        messages.Add((header, body, reply));
        if (reply.FollowedBy is { } next)
        {
            Encode(messages, next, next.Stream ?? -1, skipMetadata: false);
        }
    }

    private async ValueTask<Stream> OpenAsync()
    {
        var network = new NetworkStream(_socket, ownsSocket: true);
        if (_node.Options.Tls is not { } tls)
        {
            return network;
        }

        var encrypted = new SslStream(network);
        await encrypted.AuthenticateAsServerAsync(tls).ConfigureAwait(false);
        return encrypted;
    }

    private async Task SendAsync(Stream stream)
    {
        try
        {
            await _outbound.SendAllAsync(stream).ConfigureAwait(false);
            // What still comes in is read and dropped: closing with unread bytes would be a reset that takes sent bytes back.
            Volatile.Write(ref _discarding, true);
            ResumeReading();
            if (stream is SslStream encrypted)
            {
                await encrypted.ShutdownAsync().ConfigureAwait(false);
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            _socket.Close();
        }
    }

    private async Task ReceiveAsync(Stream stream)
    {
        while (true)
        {
            var count = await stream.ReadAsync(_inbound.Free()).ConfigureAwait(false);
            if (Volatile.Read(ref _paused) is { } paused)
            {
                await paused.Task.ConfigureAwait(false);
            }

            if (count == 0)
            {
                return;
            }

            if (!Volatile.Read(ref _discarding))
            {
                TakeIn(count);
            }
        }
    }

    private void TakeIn(int count)
    {
        try
        {
            _inbound.Received(count);
            _outbound.Flush();
        }
        catch (ProtocolViolationException violation)
        {
            _node.Violated(this, violation);
            Send(FakeErrors.Protocol(violation.Message), 0);
            Close();
        }
    }

    private void OnMessage(EnvelopeHeader header, ReadOnlySpan<byte> body, int segments)
    {
        if (Version > 0 && header.VersionByte == Version && _node.SteadyAnswers?.TryAnswer(header, body, _outbound) == true)
        {
            return;
        }

        if (Version == 0 && !_node.Speaks(header.VersionByte))
        {
            Refuse(header);
            return;
        }

        CheckHeader(header);
        if (header.BodyLength > _node.Options.LargestMessage)
        {
            Send(FakeErrors.Invalid($"Request is too big: length {header.BodyLength} exceeds maximum allowed length " +
                $"{_node.Options.LargestMessage}."), header.Stream);
            return;
        }

        var request = _node.Resolve(RequestDecoder.Decode(header, body, Number, segments));
        lock (_lock)
        {
            Require(_inFlight.Add(request.Stream), $"stream {request.Stream} is used again before its answer");
        }

        _starting = request.Kind == MessageKind.Startup;
        var reply = _node.Answer(this, request);
        if (reply.Gate is { } gate)
        {
            gate.Hold(new HeldReply(this, request, reply with { Gate = null }));
        }
        else if (!reply.IsSilent)
        {
            Transmit([new HeldReply(this, request, reply)]);
        }
    }

    private void Refuse(EnvelopeHeader header) => Send(FakeErrors.Protocol(
        $"Invalid or unsupported protocol version ({header.VersionByte}); supported versions are " +
        $"({string.Join(", ", _node.Options.SupportedVersions)})"), header.Stream);

    private void CheckHeader(EnvelopeHeader header)
    {
        Require(!_starting, "a message between STARTUP and its reply");
        Require(Version == 0 || header.VersionByte == Version, $"version byte {header.VersionByte:x2} on a v{Version} connection");
        Require((header.Flags & ~(EnvelopeHeader.Tracing | EnvelopeHeader.CustomPayload)) == 0, $"header flags {header.Flags:x2}");
        Require(header.Stream >= 0, $"stream {header.Stream}");
        Require(
            Authenticated || header.Kind is MessageKind.Options or MessageKind.Startup or MessageKind.AuthResponse,
            $"{header.Kind} before the end of the handshake");
        Require(header.Kind != MessageKind.Startup || Version == 0, "a second STARTUP");
    }

    private static void Require(bool condition, string violation)
    {
        if (!condition)
        {
            throw new ProtocolViolationException(violation);
        }
    }
}
