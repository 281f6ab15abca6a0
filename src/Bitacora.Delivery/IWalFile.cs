namespace Bitacora.Delivery;

/// <summary>One file of a directory of <see cref="IWalFiles"/>. Reads may run beside one writer.</summary>
public interface IWalFile : IDisposable
{
    /// <summary>The file's length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; fewer only at the file's end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    int Read(Span<byte> buffer, long offset);

    /// <summary>
    /// Writes all buffers one after the other. When it fails, any part of them may be in the file.
    /// </summary>
    /// <exception cref="IOException">The disk is full or faulty.</exception>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset);

    /// <summary>Cuts the file to a length.</summary>
    /// <exception cref="IOException">The disk is faulty.</exception>
    void Truncate(long length);

    /// <summary>Returns when all that was written survives a loss of power (fsync).</summary>
    /// <exception cref="IOException">
    /// What was written may be lost although a later call succeeds: the caller must never acknowledge anything again.
    /// </exception>
    void Flush();
}
