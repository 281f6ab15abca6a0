using Bitacora.Delivery;

namespace Bitacora.Client.Spooling;

/// <summary>
/// Files that are fsynced less often than who writes them asks for: when they are closed, or never. What is written survives a kill of
/// the process all the same.
/// </summary>
internal sealed class LazyFlushFiles(IWalFiles files, bool flushAtClose) : IWalFiles
{
    public IReadOnlyList<string> List() => files.List();

    public IWalFile Create(string name) => new LazyFile(files.Create(name), flushAtClose);

    public IWalFile Open(string name) => files.Open(name);

    public void Delete(string name) => files.Delete(name);

    public void Flush()
    {
        if (flushAtClose)
        {
            files.Flush();
        }
    }

    private sealed class LazyFile(IWalFile file, bool flushAtClose) : IWalFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset) => file.Read(buffer, offset);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset) => file.Write(buffers, offset);

        public void Truncate(long length) => file.Truncate(length);

        public void Flush()
        {
        }

        public void Dispose()
        {
            try
            {
                if (flushAtClose)
                {
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // What a loss of power would take now, it would have taken before; the process's end does not.
            }
            finally
            {
                file.Dispose();
            }
        }
    }
}
