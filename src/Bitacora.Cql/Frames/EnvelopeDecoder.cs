using System.Buffers;
using System.Diagnostics;

namespace Bitacora.Cql.Frames;

/// <summary>
/// Received bytes to envelopes, wherever the network cuts them. Starts with bare envelopes (v4, and every handshake);
/// <see cref="SwitchToFrames"/> follows once a v5 STARTUP was answered. Knows no socket. Throws <see cref="CqlProtocolException"/> for
/// whatever a server must not send; after that it is not used again.
/// </summary>
internal sealed class EnvelopeDecoder(int maxBodyLength) : IDisposable
{
    // A whole frame, and as much again for what comes with it.
    private const int BufferSize = 256 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly EnvelopeAssembly _assembly = new();
    private int _start;
    private int _end;
    private int _payloadEnd;
    private bool _framed;
    private bool _assemblyGiven;

    // Of a slice that is received in place, and how much of it with its checksum has come; 0: none is.
    private int _sliceLength;
    private int _sliceReceived;
    private bool _receivesInPlace;

    /// <summary>
    /// The version that responses must have; null while none is agreed upon: a server refuses a version that it does not speak in an
    /// envelope of one that it does.
    /// </summary>
    public ProtocolVersion? Version { get; set; }

    /// <summary>Where to receive. Call <see cref="Received"/> with what came, then <see cref="TryRead"/> until it says no.</summary>
    public Memory<byte> FreeMemory
    {
        get
        {
            Debug.Assert(_payloadEnd == 0);
            _receivesInPlace = _framed ? _sliceLength > 0 || TryBeginSlice() : _assembly.IsActive;
            if (_receivesInPlace)
            {
                return _framed ? SliceRoom : _assembly.Room[.._assembly.Missing];
            }

            if (_start == _end)
            {
                _start = _end = 0;
            }
            else if (_buffer.Length - _end < OuterFrame.MaxSize)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            return _buffer.AsMemory(_end);
        }
    }

    private int Available => _end - _start;

    // With the next slice's header, if there is one: then that can be received in place, too.
    private Memory<byte> SliceRoom
    {
        get
        {
            var next = _sliceLength < _assembly.Missing ? OuterFrame.HeaderSize : 0;
            return _assembly.Room[_sliceReceived..(_sliceLength + OuterFrame.TrailerSize + next)];
        }
    }

    public void Received(int count)
    {
        if (!_receivesInPlace)
        {
            _end += count;
        }
        else if (_framed)
        {
            _sliceReceived += count;
        }
        else
        {
            _assembly.Received(count);
        }
    }

    public void SwitchToFrames() => _framed = true;

    public bool TryRead(out Envelope envelope)
    {
        if (_assemblyGiven)
        {
            _assembly.Drop();
            _assemblyGiven = false;
        }

        return _framed ? TryReadFramed(out envelope) : TryReadBare(out envelope);
    }

    /// <summary>The envelope's body, to keep: handed over if it was assembled, copied if it lies in the receive buffer.</summary>
    public PooledBytes Take(in Envelope envelope)
    {
        if (!_assemblyGiven)
        {
            return PooledBytes.CopyOf(envelope.Body);
        }

        _assemblyGiven = false;
        return _assembly.Take();
    }

    /// <summary>Gives all memory back. Once, and when nothing receives any more.</summary>
    public void Dispose()
    {
        _assembly.Drop();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private bool TryReadBare(out Envelope envelope)
    {
        if (_assembly.IsActive)
        {
            return TryFinish(Math.Min(Available, _assembly.Missing), out envelope);
        }

        if (Available < EnvelopeHeader.Size)
        {
            envelope = default;
            return false;
        }

        var header = ReadHeader(_start);
        if (Available - EnvelopeHeader.Size >= header.BodyLength)
        {
            envelope = InPlace(header);
            return true;
        }

        if (header.BodyLength <= OuterFrame.MaxPayload - EnvelopeHeader.Size)
        {
            envelope = default;
            return false;
        }

        _assembly.Start(header);
        _start += EnvelopeHeader.Size;
        return TryFinish(Available, out envelope);
    }

    private bool TryReadFramed(out Envelope envelope)
    {
        if (_sliceLength > 0)
        {
            if (!TryEndSlice())
            {
                envelope = default;
                return false;
            }

            if (TryFinish(0, out envelope))
            {
                return true;
            }
        }

        while (_payloadEnd == 0)
        {
            if (!TryOpenFrame(out var length, out var selfContained))
            {
                envelope = default;
                return false;
            }

            if (selfContained)
            {
                EnterPayload(length);
            }
            else if (TryReadSlice(length, out envelope))
            {
                return true;
            }
        }

        var left = _payloadEnd - _start;
        var header = left >= EnvelopeHeader.Size ? ReadHeader(_start) : default;
        if (left < EnvelopeHeader.Size || left - EnvelopeHeader.Size < header.BodyLength)
        {
            throw new CqlProtocolException("an envelope runs over the end of a self-contained frame");
        }

        envelope = InPlace(header);
        LeavePayloadAtItsEnd();
        return true;
    }

    private bool TryOpenFrame(out int length, out bool selfContained)
    {
        (length, selfContained) = (0, false);
        if (Available < OuterFrame.HeaderSize)
        {
            return false;
        }

        (length, selfContained) = OuterFrame.OpenHeader(_buffer.AsSpan(_start));
        if (Available < OuterFrame.HeaderSize + length + OuterFrame.TrailerSize)
        {
            return false;
        }

        OuterFrame.CheckPayload(_buffer.AsSpan(_start), length);
        _start += OuterFrame.HeaderSize;
        return true;
    }

    /// <summary>
    /// If a slice has begun in the buffer: what has come of it goes to its place, and the rest is received there. Whatever is wrong
    /// with it is found where whole frames are read.
    /// </summary>
    private bool TryBeginSlice()
    {
        if (!_assembly.IsActive || Available < OuterFrame.HeaderSize)
        {
            return false;
        }

        var (length, selfContained) = OuterFrame.OpenHeader(_buffer.AsSpan(_start));
        if (selfContained || length == 0 || !_assembly.TakesSlice(length))
        {
            return false;
        }

        var begun = _buffer.AsSpan((_start + OuterFrame.HeaderSize).._end);
        begun.CopyTo(_assembly.Room.Span);
        (_sliceLength, _sliceReceived, _start, _end) = (length, begun.Length, 0, 0);
        return true;
    }

    private bool TryEndSlice()
    {
        var whole = _sliceLength + OuterFrame.TrailerSize;
        if (_sliceReceived < whole)
        {
            return false;
        }

        _assembly.CheckSlice(_sliceLength);
        var next = _assembly.Room.Span[whole.._sliceReceived];
        next.CopyTo(_buffer);
        (_start, _end) = (0, next.Length);
        _assembly.Received(_sliceLength);
        (_sliceLength, _sliceReceived) = (0, 0);
        return true;
    }

    private void EnterPayload(int length)
    {
        if (_assembly.IsActive)
        {
            throw new CqlProtocolException("a self-contained frame came between the slices of an envelope");
        }

        _payloadEnd = _start + length;
        LeavePayloadAtItsEnd();
    }

    private void LeavePayloadAtItsEnd()
    {
        if (_start == _payloadEnd)
        {
            _start += OuterFrame.TrailerSize;
            _payloadEnd = 0;
        }
    }

    private bool TryReadSlice(int length, out Envelope envelope)
    {
        var end = _start + length;
        if (!_assembly.IsActive)
        {
            if (length < EnvelopeHeader.Size)
            {
                throw new CqlProtocolException("the first slice of an envelope is too short for its header");
            }

            _assembly.Start(ReadHeader(_start));
            _start += EnvelopeHeader.Size;
        }

        if (end - _start > _assembly.Missing)
        {
            throw new CqlProtocolException("the slices of an envelope are longer than its header says");
        }

        var complete = TryFinish(end - _start, out envelope);
        _start += OuterFrame.TrailerSize;
        return complete;
    }

    private bool TryFinish(int count, out Envelope envelope)
    {
        _assembly.Add(_buffer.AsSpan(_start, count));
        _start += count;
        _assemblyGiven = _assembly.IsComplete;
        envelope = _assemblyGiven ? new Envelope(_assembly.Header, _assembly.Body) : default;
        return _assemblyGiven;
    }

    private EnvelopeHeader ReadHeader(int offset)
    {
        var header = EnvelopeHeader.Read(_buffer.AsSpan(offset));
        header.CheckResponse(Version, maxBodyLength);
        return header;
    }

    private Envelope InPlace(EnvelopeHeader header)
    {
        var body = _buffer.AsSpan(_start + EnvelopeHeader.Size, header.BodyLength);
        _start += EnvelopeHeader.Size + header.BodyLength;
        return new Envelope(header, body);
    }
}
