namespace Bitacora.Benchmarks.Serving;

/// <summary>Cuts a file of JSON lines into request bodies of so many lines. Safe from any thread.</summary>
internal sealed class BodySource(Stream input, int lines) : IDisposable
{
    private const byte LineEnd = (byte)'\n';

    // Guards the file and the buffer: senders take turns.
    private readonly Lock _lock = new();
    private byte[] _buffer = new byte[4 << 20];
    private int _start;
    private int _end;

    public static BodySource Open(string file, int lines) =>
        new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1), lines);

    /// <summary>The next body; empty at the end of the file.</summary>
    public byte[] Next()
    {
        lock (_lock)
        {
            var length = Measure();
            while (length < 0 && Fill())
            {
                length = Measure();
            }

            var body = _buffer.AsSpan(_start, length < 0 ? _end - _start : length).ToArray();
            _start += body.Length;
            return body;
        }
    }

    public void Dispose() => input.Dispose();

    /// <summary>The length of so many whole lines, or -1 if they are not in the buffer.</summary>
    private int Measure()
    {
        var length = 0;
        for (var line = 0; line < lines; line++)
        {
            var end = _buffer.AsSpan(_start + length, _end - _start - length).IndexOf(LineEnd);
            if (end < 0)
            {
                return -1;
            }

            length += end + 1;
        }

        return length;
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
