namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>
/// What a connection has to send. Messages gather while the last write runs and share segments, as Cassandra's do under load.
/// Two buffers change places, so that a steady stream of messages allocates nothing.
/// </summary>
internal sealed class Outbound(int segmentPayload, int writeSize)
{
    private readonly Signal _ready = new();
    // Guards the buffer being filled: everything below but the one being sent.
    private readonly Lock _lock = new();
    private byte[] _filling = new byte[64 * 1024];
    private byte[] _sending = new byte[64 * 1024];
    private List<OutboundMark> _fillingMarks = [];
    private List<OutboundMark> _sendingMarks = [];
    private int _length;
    private int _openSegment = -1;
    private bool _framed;
    private bool _closed;

    /// <summary>Everything appended from now on goes out in segments.</summary>
    public void StartFraming()
    {
        lock (_lock)
        {
            _framed = true;
        }
    }

    public void Append(EnvelopeHeader header, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            AppendEnvelope(header, body);
        }
    }

    /// <summary>Appends an answer whose body was, or will be, sent before.</summary>
    public void Append(EnvelopeHeader header, SteadyBody body)
    {
        lock (_lock)
        {
            if (!_framed || EnvelopeHeader.Length + body.Bytes.Length <= segmentPayload)
            {
                AppendEnvelope(header, body.Bytes);
                return;
            }

            SealOpenSegment();
            Span<byte> headerBytes = stackalloc byte[EnvelopeHeader.Length];
            header.Write(headerBytes);
            var first = body.Bytes.AsSpan(0, segmentPayload - headerBytes.Length);
            AppendSlices(headerBytes, first);
            var start = _length;
            if (body.SealedRest is { } rest)
            {
                rest.CopyTo(Take(rest.Length));
                return;
            }

            AppendSlices(default, body.Bytes.AsSpan(first.Length));
            body.SealedRest = _filling[start.._length];
        }
    }

    /// <summary>Appends several messages so that no write begins between them.</summary>
    public void Append(IReadOnlyList<(EnvelopeHeader Header, byte[] Body, FakeReply Reply)> messages)
    {
        lock (_lock)
        {
            foreach (var (header, body, reply) in messages)
            {
                if (reply.NeedsOwnSegment)
                {
                    AppendFaulty(header, body, reply);
                }
                else
                {
                    AppendEnvelope(header, body);
                }
            }
        }
    }

    /// <summary>Bytes that are no message of any kind.</summary>
    public void AppendRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            SealOpenSegment();
            bytes.CopyTo(Take(bytes.Length));
        }

        Flush();
    }

    public void Flush() => _ready.Raise();

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        Flush();
    }

    /// <summary>Sends until the connection is closed or a reply says that it ends here.</summary>
    public async Task SendAllAsync(Stream stream)
    {
        while (true)
        {
            await _ready.WaitAsync().ConfigureAwait(false);
            int length;
            while ((length = Swap()) > 0)
            {
                if (!await SendAsync(stream, length).ConfigureAwait(false))
                {
                    return;
                }
            }

            if (length < 0)
            {
                return;
            }
        }
    }

    private async ValueTask<bool> SendAsync(Stream stream, int length)
    {
        var from = 0;
        foreach (var mark in _sendingMarks)
        {
            await WriteAsync(stream, from, mark.Position).ConfigureAwait(false);
            from = mark.Position;
            if (mark.Until is null)
            {
                return false;
            }

            await mark.Until.ConfigureAwait(false);
        }

        await WriteAsync(stream, from, length).ConfigureAwait(false);
        return true;
    }

    private async ValueTask WriteAsync(Stream stream, int from, int to)
    {
        while (from < to)
        {
            var count = Math.Min(writeSize, to - from);
            await stream.WriteAsync(_sending.AsMemory(from, count)).ConfigureAwait(false);
            from += count;
        }
    }

    // The number of bytes to send; -1 when all has been sent and no more may come.
    private int Swap()
    {
        lock (_lock)
        {
            SealOpenSegment();
            if (_length == 0)
            {
                return _closed ? -1 : 0;
            }

            (_filling, _sending, _fillingMarks, _sendingMarks) = (_sending, _filling, _sendingMarks, _fillingMarks);
            _fillingMarks.Clear();
            var length = _length;
            _length = 0;
            return length;
        }
    }

    private void AppendFaulty(EnvelopeHeader header, byte[] body, FakeReply reply)
    {
        SealOpenSegment();
        var start = _length;
        AppendEnvelope(header, body);
        SealOpenSegment();
        if (_framed && reply.Damage != ReplyDamage.None)
        {
            _filling[reply.Damage == ReplyDamage.HeaderChecksum ? start + 3 : _length - 1] ^= 0x40;
        }

        if (reply.StallAfter is { } stall)
        {
            _fillingMarks.Add(new OutboundMark(Math.Min(_length, start + stall), reply.StallUntil ?? Task.CompletedTask));
        }

        if (reply.CutAfter is { } cut)
        {
            _fillingMarks.Add(new OutboundMark(Math.Min(_length, start + cut), null));
        }
    }

    private void AppendEnvelope(EnvelopeHeader header, ReadOnlySpan<byte> body)
    {
        Span<byte> headerBytes = stackalloc byte[EnvelopeHeader.Length];
        header.Write(headerBytes);
        var total = headerBytes.Length + body.Length;
        if (_framed && total > segmentPayload)
        {
            SealOpenSegment();
            AppendSlices(headerBytes, body);
            return;
        }

        if (_framed && _openSegment >= 0 && _length - _openSegment - Segment.HeaderLength + total > segmentPayload)
        {
            SealOpenSegment();
        }

        if (_framed && _openSegment < 0)
        {
            _openSegment = _length;
            Take(Segment.HeaderLength);
        }

        headerBytes.CopyTo(Take(headerBytes.Length));
        body.CopyTo(Take(body.Length));
    }

    private void AppendSlices(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        while (header.Length + body.Length > 0)
        {
            var fromBody = Math.Min(body.Length, segmentPayload - header.Length);
            var segment = Take(Segment.HeaderLength + header.Length + fromBody + Segment.TrailerLength);
            header.CopyTo(segment[Segment.HeaderLength..]);
            body[..fromBody].CopyTo(segment[(Segment.HeaderLength + header.Length)..]);
            Segment.Seal(segment, selfContained: false);
            header = default;
            body = body[fromBody..];
        }
    }

    private void SealOpenSegment()
    {
        if (_openSegment >= 0)
        {
            Take(Segment.TrailerLength);
            Segment.Seal(_filling.AsSpan(_openSegment, _length - _openSegment), selfContained: true);
            _openSegment = -1;
        }
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _filling.Length)
        {
            Array.Resize(ref _filling, Math.Max(_filling.Length * 2, _length + count));
        }

        _length += count;
        return _filling.AsSpan(_length - count, count);
    }
}
