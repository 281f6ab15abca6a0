namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>Cuts what a client sends into envelopes: bare ones, and those in segments once framing has begun.</summary>
internal sealed class Inbound(int maxBody, InboundMessage onMessage)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private byte[] _large = [];
    private int _largeLength;
    private int _largeSegments;

    public bool Framed { get; set; }

    /// <summary>Bytes that have come but are no whole message yet.</summary>
    public int Unread => _end - _start;

    /// <summary>Where the next bytes from the socket go.</summary>
    public Memory<byte> Free()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_start == 0)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Takes in what has been received and hands over every whole message.</summary>
    public void Received(int count)
    {
        _end += count;
        while (Framed ? TakeSegment() : TakeBareEnvelope())
        {
        }
    }

    private bool TakeBareEnvelope()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < EnvelopeHeader.Length)
        {
            return false;
        }

        var header = Checked(EnvelopeHeader.Read(bytes));
        if (bytes.Length < EnvelopeHeader.Length + header.BodyLength)
        {
            return false;
        }

        _start += EnvelopeHeader.Length + header.BodyLength;
        onMessage(header, bytes.Slice(EnvelopeHeader.Length, header.BodyLength), segments: 0);
        return true;
    }

    private bool TakeSegment()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < Segment.HeaderLength)
        {
            return false;
        }

        Require(Segment.TryReadHeader(bytes, out var length, out var selfContained), "a segment header with a wrong checksum");
        if (bytes.Length < Segment.HeaderLength + length + Segment.TrailerLength)
        {
            return false;
        }

        var payload = bytes.Slice(Segment.HeaderLength, length);
        Require(Segment.IsIntact(payload, bytes[(Segment.HeaderLength + length)..]), "a segment payload with a wrong checksum");
        _start += Segment.HeaderLength + length + Segment.TrailerLength;
        if (selfContained)
        {
            TakeEnvelopes(payload);
        }
        else
        {
            TakeSlice(payload);
        }

        return true;
    }

    private void TakeEnvelopes(ReadOnlySpan<byte> payload)
    {
        Require(_largeLength == 0, "a self-contained segment among the slices of a large message");
        while (payload.Length > 0)
        {
            Require(payload.Length >= EnvelopeHeader.Length, "a self-contained segment with part of an envelope header");
            var header = Checked(EnvelopeHeader.Read(payload));
            payload = payload[EnvelopeHeader.Length..];
            Require(payload.Length >= header.BodyLength, "a self-contained segment with part of an envelope");
            onMessage(header, payload[..header.BodyLength], segments: 1);
            payload = payload[header.BodyLength..];
        }
    }

    private void TakeSlice(ReadOnlySpan<byte> payload)
    {
        Require(_largeLength > 0 || payload.Length >= EnvelopeHeader.Length, "a first slice without a whole envelope header");
        if (_largeLength + payload.Length > _large.Length)
        {
            Array.Resize(ref _large, Math.Max(_largeLength + payload.Length, _large.Length * 2));
        }

        payload.CopyTo(_large.AsSpan(_largeLength));
        _largeLength += payload.Length;
        _largeSegments++;
        var header = Checked(EnvelopeHeader.Read(_large));
        var missing = EnvelopeHeader.Length + header.BodyLength - _largeLength;
        Require(missing >= 0, "a last slice with bytes after its message");
        if (missing == 0)
        {
            var segments = _largeSegments;
            (_largeLength, _largeSegments) = (0, 0);
            onMessage(header, _large.AsSpan(EnvelopeHeader.Length, header.BodyLength), segments);
        }
    }

    private EnvelopeHeader Checked(EnvelopeHeader header) => (uint)header.BodyLength <= (uint)maxBody
        ? header
        : throw new ProtocolViolationException($"a body of {header.BodyLength} bytes");

    private static void Require(bool condition, string violation)
    {
        if (!condition)
        {
            throw new ProtocolViolationException(violation);
        }
    }
}
