namespace Bitacora.Cql.Frames;

/// <summary>
/// One envelope that comes in pieces: its first piece tells the length, so that each byte is copied once, to its last place.
/// </summary>
internal sealed class EnvelopeAssembly
{
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
        _body = PooledBytes.Rent(header.BodyLength);
        _filled = 0;
        IsActive = true;
    }

    public void Add(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_body.Array.AsSpan(_filled, Missing));
        _filled += piece.Length;
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
