namespace Bitacora.Ingestion.Lines;

/// <summary>Where a decoder puts together a text that does not lie in one piece in the line. Used again and again.</summary>
internal sealed class TextBuffer
{
    /// <summary>A rare huge record must not hold its memory for as long as the decoder lives.</summary>
    private const int MostKept = 256 << 10;

    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>Valid until the next change.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[1024];
        }
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
    }

    /// <summary>Room for at least so many bytes, of which <see cref="Advance"/> says how many were written.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + length, 2 * _bytes.Length));
        }

        return _bytes.AsSpan(_length);
    }

    public void Advance(int length) => _length += length;

    /// <summary>Takes back what was written behind so many bytes.</summary>
    public void CutTo(int length) => _length = length;
}
