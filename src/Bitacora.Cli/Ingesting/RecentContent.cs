namespace Bitacora.Cli.Ingesting;

/// <summary>
/// The content of an input on its way to be read, of which the last bytes are kept: what a batch's end is witnessed by lies a little before
/// what was read.
/// </summary>
internal sealed class RecentContent(Stream content, long begin) : Stream
{
    /// <summary>
    /// More than lies between the end of a batch and what was read behind it: the longest line and the longest record of several.
    /// </summary>
    private const int MostKept = 16 << 20;

    private byte[] _recent = new byte[256 << 10];
    private int _length;
    private long _start = begin;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _start + _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on to an offset, or to the end.</summary>
    public async ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        var dropped = new byte[64 << 10];
        while (Position < offset)
        {
            var count = (int)Math.Min(dropped.Length, offset - Position);
            if (await ReadAsync(dropped.AsMemory(0, count), cancellationToken) == 0)
            {
                return;
            }

            if (_length > (1 << 20))
            {
                Drop(_length - (1 << 16));
            }
        }
    }

    /// <summary>The bytes before an offset that was read; fewer only at the start. Older ones are then forgotten.</summary>
    public ReadOnlySpan<byte> Before(long offset, int count)
    {
        var first = Math.Max(_start, offset - count);
        var dropped = (int)(first - _start);
        Drop(dropped);
        return _recent.AsSpan(0, (int)(offset - _start));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Keep(buffer[..content.Read(buffer)]);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await content.ReadAsync(buffer, cancellationToken);
        return Keep(buffer.Span[..count]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Keep(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > MostKept)
        {
            Drop(Math.Min(_length, MostKept / 2));
        }

        if (_length + bytes.Length > _recent.Length)
        {
            Array.Resize(ref _recent, Math.Max(_length + bytes.Length, 2 * _recent.Length));
        }

        bytes.CopyTo(_recent.AsSpan(_length));
        _length += bytes.Length;
        return bytes.Length;
    }

    private void Drop(int count)
    {
        _recent.AsSpan(count, _length - count).CopyTo(_recent);
        _length -= count;
        _start += count;
    }
}
