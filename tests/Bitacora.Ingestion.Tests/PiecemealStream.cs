namespace Bitacora.Ingestion.Tests;

/// <summary>Gives its bytes, so many times, in pieces of the sizes given, round and round, and then ends or fails.</summary>
internal sealed class PiecemealStream(byte[] bytes, int[] sizes, Exception? failure = null, int times = 1) : Stream
{
    private int _at;
    private int _piece;
    private int _round;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == bytes.Length && ++_round < times)
        {
            _at = 0;
        }

        var count = Math.Min(Math.Min(sizes[_piece++ % sizes.Length], buffer.Length), bytes.Length - _at);
        if (count == 0 && failure is not null)
        {
            throw failure;
        }

        bytes.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return ValueTask.FromResult(count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
