namespace Bitacora.Cli.Ingesting;

/// <summary>
/// A stream that somebody writes while it is read. Waiting for it cannot be cancelled (a read of a pipe returns when something comes), so
/// when it shall end, it looks as if it had ended; what came before is still read.
/// </summary>
internal sealed class LiveStream(Stream stream, CancellationToken ends) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Task.Run(() => stream.Read(buffer.Span), CancellationToken.None).WaitAsync(ends);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
