using Microsoft.Win32.SafeHandles;

namespace Bitacora.Delivery.Disk;

/// <summary>A file by its handle: positioned reads and gathered writes, without a buffer of its own.</summary>
internal sealed class DiskFile : IWalFile
{
    private readonly SafeFileHandle _handle;

    public DiskFile(string path, FileMode mode)
    {
        // Deleting while a reader is open must work as it does on Unix, and so must reading beside the one who writes.
        _handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset)
    {
        if (buffers.Count == 1)
        {
            RandomAccess.Write(_handle, buffers[0].Span, offset);
        }
        else
        {
            RandomAccess.Write(_handle, buffers, offset);
        }
    }

    public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();
}
