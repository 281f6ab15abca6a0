namespace Bitacora.Cql.Frames;

/// <summary>
/// One envelope that comes in pieces: its first piece tells the length. Each byte is copied once, to its last place, or received there.
/// </summary>
internal sealed class EnvelopeAssembly
{
    // Behind the body: the checksum of the last slice, and between slices the header of the next.
    private const int Slack = OuterFrame.TrailerSize + OuterFrame.HeaderSize;

    private PooledBytes _body;
    private int _filled;

    public bool IsActive { get; private set; }

    public bool IsComplete => IsActive && _filled == _body.Length;

    public int Missing => _body.Length - _filled;

    public EnvelopeHeader Header { get; private set; }

    public ReadOnlySpan<byte> Body => _body.Span;

    public void Start(EnvelopeHeader header)
    {
        Header = header;
        _body = PooledBytes.Rent(header.BodyLength + Slack) with { Length = header.BodyLength };
        _filled = 0;
        IsActive = true;
    }

    public void Add(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_body.Array.AsSpan(_filled, Missing));
        _filled += piece.Length;
    }

    /// <summary>Where the next bytes belong, and <see cref="Slack"/> behind it.</summary>
    public Memory<byte> Room => _body.Array.AsMemory(_filled, Missing + Slack);

    /// <summary>So much was received there.</summary>
    public void Received(int count) => _filled += count;

    /// <summary>Whether a slice may be received in place: its checksum needs room for a frame's header before it.</summary>
    public bool TakesSlice(int length) => IsActive && _filled >= OuterFrame.HeaderSize && length <= Missing;

    /// <summary>Verifies a slice that was received in place, its checksum behind it.</summary>
    public void CheckSlice(int length)
    {
        var frame = _body.Array.AsSpan(_filled - OuterFrame.HeaderSize);
        Span<byte> before = stackalloc byte[OuterFrame.HeaderSize];
        frame[..OuterFrame.HeaderSize].CopyTo(before);
        OuterFrame.CheckPayload(frame, length);
        before.CopyTo(frame);
    }

    /// <summary>Hands the body over; the caller gives it back.</summary>
    public PooledBytes Take()
    {
        IsActive = false;
        return _body;
    }

    public void Drop()
    {
        if (IsActive)
        {
            Take().Return();
        }
    }
}
