using Bitacora.Delivery;

namespace Bitacora.Client.Spooling;

/// <summary>
/// Files in memory, for a queue without a spool: what the destination refuses is taken apart beside what goes on. Bounded by who writes.
/// </summary>
internal sealed class MemoryWalFiles : IWalFiles
{
    // Guards the table and each file's bytes.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);

    public IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. _files.Keys];
        }
    }

    public IWalFile Create(string name)
    {
        lock (_gate)
        {
            return _files[name] = new MemoryFile(_gate);
        }
    }

    public IWalFile Open(string name)
    {
        lock (_gate)
        {
            return _files.TryGetValue(name, out var file) ? file : throw new FileNotFoundException($"There is no {name} in memory.", name);
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            _files.Remove(name);
        }
    }

    public void Flush()
    {
    }

    private sealed class MemoryFile(Lock gate) : IWalFile
    {
        private byte[] _bytes = [];
        private int _length;

        public long Length
        {
            get
            {
                lock (gate)
                {
                    return _length;
                }
            }
        }

        public int Read(Span<byte> buffer, long offset)
        {
            lock (gate)
            {
                var count = (int)Math.Clamp(_length - offset, 0, buffer.Length);
                _bytes.AsSpan((int)Math.Min(offset, _length), count).CopyTo(buffer);
                return count;
            }
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset)
        {
            lock (gate)
            {
                var at = checked((int)offset);
                foreach (var buffer in buffers)
                {
                    if (at + buffer.Length > _bytes.Length)
                    {
                        Array.Resize(ref _bytes, Math.Max(at + buffer.Length, _bytes.Length * 2));
                    }

                    buffer.Span.CopyTo(_bytes.AsSpan(at));
                    at += buffer.Length;
                }

                _length = Math.Max(_length, at);
            }
        }

        public void Truncate(long length)
        {
            lock (gate)
            {
                _length = (int)Math.Min(_length, length);
            }
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
