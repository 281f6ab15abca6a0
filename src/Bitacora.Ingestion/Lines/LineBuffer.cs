namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Cuts a stream of bytes into lines. It grows with the longest line up to a bound; of a longer line it gives the head and then forgets
/// the rest. The lines are the same whatever the pieces in which the bytes come.
/// </summary>
internal sealed class LineBuffer(int maxLine)
{
    private const int Piece = 64 << 10;

    /// <summary>So many NULs a line may begin with and mean them: the lengths of binary values in a journal do.</summary>
    private const int SmallestHole = 9;

    private byte[] _bytes = new byte[Math.Min(Piece, maxLine + 1)];

    // The buffer of its own, while it reads one that was lent.
    private byte[]? _own;
    private int _start;
    private int _searched;
    private int _end;
    private bool _isSkipping;

    /// <summary>The input has ended, and all of it was taken.</summary>
    public bool IsAtEnd { get; private set; }

    public void Clear()
    {
        _start = _searched = _end = 0;
        _isSkipping = IsAtEnd = false;
        _bytes = _own ?? _bytes;
        _own = null;
        if (_bytes.Length > 4 * Piece)
        {
            _bytes = new byte[Piece];
        }
    }

    public ReadOnlySpan<byte> Bytes(LineSlice line) => _bytes.AsSpan(line.Start, line.Length);

    /// <summary>A line with the <c>\r</c> before its end, if it has one.</summary>
    public ReadOnlySpan<byte> BytesWithReturn(LineSlice line)
    {
        var hasReturn = !line.IsCut && line.Consumed > line.Length && _bytes[line.Start + line.Length] == '\r';
        return _bytes.AsSpan(line.Start, line.Length + (hasReturn ? 1 : 0));
    }

    /// <summary>Where the next bytes go; never empty. Slices taken before are no longer valid.</summary>
    public Memory<byte> FreeSpace()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }

        if (_end == _bytes.Length)
        {
            // A line of more than maxLine bytes was given up before, so this is never at the bound.
            Array.Resize(ref _bytes, (int)Math.Min(2L * _bytes.Length, maxLine + 1L));
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Reads a whole input where it lies, until it is cleared.</summary>
    public void Borrow(ArraySegment<byte> input)
    {
        _own = _bytes;
        (_bytes, _start, _searched, _end) = (input.Array!, input.Offset, input.Offset, input.Offset + input.Count);
        IsAtEnd = true;
    }

    /// <summary>Says how many bytes came; none is the end of the input.</summary>
    public void Received(int count)
    {
        _end += count;
        IsAtEnd = count == 0;
    }

    /// <summary>Takes the next line, or piece of a line that is too long. False: more bytes are needed, or there are none.</summary>
    public bool TryTake(out LineSlice line)
    {
        if (TryTakeHole(out line))
        {
            return true;
        }

        var newline = _bytes.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (newline >= 0)
        {
            line = Line(_searched + newline - _start, lineEnd: 1);
            return true;
        }

        _searched = _end;
        var length = _end - _start;
        if (length > (_isSkipping ? 0 : maxLine))
        {
            line = new LineSlice(_start, _isSkipping ? 0 : maxLine, length, IsCut: !_isSkipping, IsRest: _isSkipping, IsEnded: false);
            _isSkipping = true;
            Step(length);
            return true;
        }

        if (IsAtEnd && (length > 0 || _isSkipping))
        {
            line = Line(length, lineEnd: 0);
            return true;
        }

        line = default;
        return false;
    }

    /// <summary>
    /// A hole is taken when what follows it is known to be there, or when it fills the buffer: so the same bytes give the same slices.
    /// </summary>
    private bool TryTakeHole(out LineSlice hole)
    {
        hole = default;
        if (_isSkipping || _end - _start < SmallestHole || _bytes[_start] != 0)
        {
            return false;
        }

        var kept = _bytes.AsSpan(_start, _end - _start);
        var zeros = kept.IndexOfAnyExcept((byte)0);
        zeros = zeros >= 0 ? zeros : kept.Length > maxLine || IsAtEnd ? kept.Length : 0;
        if (zeros < SmallestHole)
        {
            return false;
        }

        hole = new LineSlice(_start, 0, zeros, IsCut: false, IsRest: true, IsEnded: false, IsHole: true);
        Step(zeros);
        return true;
    }

    private LineSlice Line(int length, int lineEnd)
    {
        var kept = _isSkipping ? 0 : Math.Min(length, maxLine);
        if (kept == length && kept > 0 && _bytes[_start + kept - 1] == '\r')
        {
            kept--;
        }

        var line = new LineSlice(
            _start, kept, length + lineEnd, IsCut: !_isSkipping && length > maxLine, IsRest: _isSkipping, IsEnded: true);
        _isSkipping = false;
        Step(length + lineEnd);
        return line;
    }

    private void Step(int count)
    {
        _start += count;
        _searched = Math.Max(_searched, _start);
    }
}
