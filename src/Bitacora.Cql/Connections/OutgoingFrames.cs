using System.Diagnostics;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Connections;

/// <summary>
/// Written requests that wait for the send loop. While one round is on its way to the socket the next gathers here, so that a busy
/// connection sends many requests in one write and an idle one sends each at once: there is no delay to tune. Bounded by the
/// connection's bytes in flight. Guarded by the connection's lock.
/// </summary>
internal sealed class OutgoingFrames(ProtocolVersion version)
{
    // What the default bytes in flight take when each large envelope leaves its last chunk half empty.
    private const int MaxSpare = 24;

    private readonly List<OutgoingChunk> _chunks = [];
    private readonly Stack<OutgoingChunk> _spare = new();
    private bool _lastIsOpen;

    /// <summary>The round that takes along what is written now.</summary>
    public long Round { get; private set; }

    public bool IsEmpty => _chunks.Count == 0;

    /// <summary>Writes an envelope; its body is the request's, or empty.</summary>
    public void Append(EnvelopeHeader header, Request? body)
    {
        var size = EnvelopeHeader.Size + header.BodyLength;
        if (size > OuterFrame.MaxPayload)
        {
            AppendInSlices(header, body!, size);
            return;
        }

        var chunk = _lastIsOpen && _chunks[^1].Free.Length >= size ? _chunks[^1] : NewChunk(selfContained: true);
        Write(chunk.Free[..size], header, body);
        chunk.Length += size;
        _lastIsOpen = true;
    }

    /// <summary>Moves everything to the send loop's list and begins the next round.</summary>
    public void Take(List<OutgoingChunk> chunks)
    {
        chunks.AddRange(_chunks);
        _chunks.Clear();
        _lastIsOpen = false;
        Round++;
    }

    /// <summary>It was sent.</summary>
    public void Recycle(OutgoingChunk chunk)
    {
        if (_spare.Count < MaxSpare)
        {
            _spare.Push(chunk);
        }
    }

    private void AppendInSlices(EnvelopeHeader header, Request body, int size)
    {
        var envelope = PooledBytes.Rent(size);
        Write(envelope.Array.AsSpan(0, size), header, body);
        for (var rest = envelope.Span; !rest.IsEmpty;)
        {
            var chunk = NewChunk(selfContained: false);
            var slice = rest[..Math.Min(rest.Length, OuterFrame.MaxPayload)];
            slice.CopyTo(chunk.Free);
            chunk.Length = slice.Length;
            rest = rest[slice.Length..];
        }

        envelope.Return();
        _lastIsOpen = false;
    }

    private void Write(Span<byte> bytes, EnvelopeHeader header, Request? body)
    {
        header.Write(bytes);
        var writer = new WireWriter(bytes[EnvelopeHeader.Size..]);
        body?.Write(ref writer, version);
        Debug.Assert(writer.Position == header.BodyLength);
    }

    private OutgoingChunk NewChunk(bool selfContained)
    {
        var chunk = _spare.TryPop(out var spare) ? spare : new OutgoingChunk();
        chunk.Length = 0;
        chunk.IsSelfContained = selfContained;
        _chunks.Add(chunk);
        return chunk;
    }
}
