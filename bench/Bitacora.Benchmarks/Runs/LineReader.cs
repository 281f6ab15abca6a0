namespace Bitacora.Benchmarks.Runs;

/// <summary>Hands out a file's lines without their ends, from a buffer that is used again.</summary>
internal sealed class LineReader(Stream input)
{
    private byte[] _buffer = new byte[1 << 20];
    private int _start;
    private int _end;

    /// <summary>The next line, valid until the next call; false at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsSpan(_start, length);
                _start += length + 1;
                return true;
            }

            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = input.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }
}
