namespace Bitacora.Server.Intake;

/// <summary>
/// Gives a body's last byte alone. So it can be told whether a decoder, which takes large pieces and does not say how much of them it
/// needed, has come to the end of the body.
/// </summary>
internal sealed class LastByteStream(Stream body) : Stream
{
    private byte? _held;

    /// <summary>Whether the last byte was asked for.</summary>
    public bool IsLastByteRead { get; private set; }

    /// <summary>Whether more was asked for behind it.</summary>
    public bool IsEndSeen { get; private set; }

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
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, 2, nameof(buffer));
        while (!IsLastByteRead)
        {
            // The byte that was held goes first, and the last one of what is read is held instead.
            var held = _held is null ? 0 : 1;
            var read = await body.ReadAsync(buffer[held..], cancellationToken);
            if (_held is { } first)
            {
                buffer.Span[0] = first;
            }

            if (read == 0)
            {
                IsLastByteRead = true;
                IsEndSeen = held == 0;
                return held;
            }

            var length = held + read - 1;
            _held = buffer.Span[length];
            if (length > 0)
            {
                return length;
            }
        }

        IsEndSeen = true;
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }

        base.Dispose(disposing);
    }
}
