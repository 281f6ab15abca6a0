using Microsoft.Win32.SafeHandles;

namespace Bitacora.Cli.Showing;

/// <summary>
/// Standard output as a stream that says when its reader is gone. The framework's own swallows that, and a command would go on writing
/// for nobody. For pipes and terminals; on a file, which has no reader to lose, it would forget where others have written.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private readonly FileStream _file;

    private StandardOutput(FileStream file) => _file = file;

    /// <summary>The stream for this process.</summary>
    public static Stream Open()
    {
        var file = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : new StandardOutput(file);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer);
        }
        catch (IOException e)
        {
            throw new OutputClosedException(e);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
