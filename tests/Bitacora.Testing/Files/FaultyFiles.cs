using Bitacora.Delivery;

namespace Bitacora.Testing.Files;

/// <summary>
/// A directory in memory that knows what was fsynced, and fails, loses and damages what a test tells it to. Safe from any thread.
/// </summary>
public sealed class FaultyFiles : IWalFiles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FaultyNode> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FaultyNode> _durableNames = new(StringComparer.Ordinal);

    /// <summary>How many more bytes the disk takes; then it is full.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>The next write fails after so many bytes, for another reason than a full disk.</summary>
    public int? FailNextWriteAfter { get; set; }

    /// <summary>Cutting a file fails.</summary>
    public bool FailTruncate { get; set; }

    /// <summary>fsync of a file fails.</summary>
    public bool FailFlush { get; set; }

    /// <summary>fsync of the directory fails.</summary>
    public bool FailDirectoryFlush { get; set; }

    /// <summary>Opening a file fails.</summary>
    public bool FailOpen { get; set; }

    /// <summary>Removing a file fails.</summary>
    public bool FailDelete { get; set; }

    /// <summary>Reads that touch this byte of any file fail.</summary>
    public long? UnreadableOffset { get; set; }

    /// <summary>Runs at each fsync of a file, before it takes effect.</summary>
    public Action? Flushing { get; set; }

    /// <summary>Runs after each fsync of a file that succeeded.</summary>
    public Action? Flushed { get; set; }

    /// <summary>How often a file was fsynced.</summary>
    public int Flushes { get; private set; }

    /// <summary>Whether anything was written or cut after an fsync had failed.</summary>
    public bool ChangedAfterFailedFlush { get; private set; }

    private bool FlushFailed { get; set; }

    public IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. _names.Keys];
        }
    }

    public IWalFile Create(string name)
    {
        lock (_gate)
        {
            if (FreeBytes <= 0)
            {
                throw Full();
            }

            // As on a disk: emptying a file that is there keeps its durable bytes until the next fsync.
            if (!_names.TryGetValue(name, out var node))
            {
                _names[name] = node = new FaultyNode();
            }

            node.Current = [];
            return new FaultyFile(this, node);
        }
    }

    public IWalFile Open(string name)
    {
        lock (_gate)
        {
            if (FailOpen)
            {
                throw new IOException("Input/output error");
            }

            return _names.TryGetValue(name, out var node) ? new FaultyFile(this, node) : throw new FileNotFoundException(name);
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            if (FailDelete)
            {
                throw new IOException("Input/output error");
            }

            if (_names.Remove(name, out var node))
            {
                Free(node.Current.Length);
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            if (FailDirectoryFlush)
            {
                FlushFailed = true;
                throw new IOException("Input/output error");
            }

            _durableNames.Clear();
            foreach (var (name, node) in _names)
            {
                _durableNames[name] = node;
            }
        }
    }

    /// <summary>What is there after the process was killed: everything written.</summary>
    public FaultyFiles AfterKill()
    {
        lock (_gate)
        {
            return CopyOf(_names, node => node.Current);
        }
    }

    /// <summary>What is there after power was lost: what was fsynced, under names that were fsynced.</summary>
    /// <param name="survivors">Of bytes written and not fsynced, what survives of them by chance; nothing if null.</param>
    public FaultyFiles AfterPowerLoss(Random? survivors = null)
    {
        lock (_gate)
        {
            return CopyOf(_durableNames, node => survivors is null ? node.Durable : Mix(node, survivors));
        }
    }

    /// <summary>Runs while nothing else happens to the files.</summary>
    public void Atomically(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_gate)
        {
            action();
        }
    }

    /// <summary>A copy of a file's bytes.</summary>
    public byte[] Content(string name)
    {
        lock (_gate)
        {
            return [.. _names[name].Current];
        }
    }

    /// <summary>Puts a file there, durable.</summary>
    public void Put(string name, byte[] content)
    {
        lock (_gate)
        {
            var node = new FaultyNode { Current = [.. content], Durable = [.. content] };
            _names[name] = node;
            _durableNames[name] = node;
        }
    }

    /// <summary>Flips bits of one byte.</summary>
    public void Flip(string name, int offset, byte bits)
    {
        var content = Content(name);
        content[offset] ^= bits;
        Put(name, content);
    }

    /// <summary>Cuts a file.</summary>
    public void Cut(string name, int length) => Put(name, Content(name)[..length]);

    internal long LengthOf(FaultyNode node)
    {
        lock (_gate)
        {
            return node.Current.Length;
        }
    }

    internal int Read(FaultyNode node, Span<byte> buffer, long offset)
    {
        lock (_gate)
        {
            var count = (int)Math.Clamp(node.Current.Length - offset, 0, buffer.Length);
            if (UnreadableOffset is { } bad && bad >= offset && bad < offset + count)
            {
                throw new IOException("Input/output error");
            }

            node.Current.AsSpan((int)Math.Min(offset, node.Current.Length), count).CopyTo(buffer);
            return count;
        }
    }

    internal void Write(FaultyNode node, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset)
    {
        lock (_gate)
        {
            ChangedAfterFailedFlush |= FlushFailed;
            foreach (var buffer in buffers)
            {
                var taken = (int)Math.Min(buffer.Length, Math.Min(FreeBytes, FailNextWriteAfter ?? int.MaxValue));
                node.Write(buffer.Span[..taken], (int)offset);
                offset += taken;
                FreeBytes -= FreeBytes == long.MaxValue ? 0 : taken;
                if (FailNextWriteAfter is { } left)
                {
                    FailNextWriteAfter = left - taken;
                    if (taken < buffer.Length)
                    {
                        FailNextWriteAfter = null;
                        throw new IOException("Input/output error");
                    }
                }

                if (taken < buffer.Length)
                {
                    throw Full();
                }
            }
        }
    }

    internal void Truncate(FaultyNode node, long length)
    {
        lock (_gate)
        {
            if (FailTruncate)
            {
                throw new IOException("Input/output error");
            }

            ChangedAfterFailedFlush |= FlushFailed;
            Free(node.Current.Length - length);
            node.Current = node.Current[..(int)length];
        }
    }

    internal void Flush(FaultyNode node)
    {
        Flushing?.Invoke();
        lock (_gate)
        {
            Flushes++;
            if (FailFlush)
            {
                FlushFailed = true;
                throw new IOException("Input/output error");
            }

            node.Durable = [.. node.Current];
        }

        Flushed?.Invoke();
    }

    private static IOException Full() => new("No space left on device");

    /// <summary>The durable bytes, and of what lies behind them a part of which some pages never reached the disk.</summary>
    private static byte[] Mix(FaultyNode node, Random random)
    {
        const int Page = 64;
        if (node.Current.Length <= node.Durable.Length)
        {
            return node.Durable;
        }

        var mixed = node.Current[..random.Next(node.Durable.Length, node.Current.Length + 1)];
        node.Durable.CopyTo(mixed, 0);
        for (var at = node.Durable.Length; at < mixed.Length; at += Page)
        {
            if (random.Next(3) == 0)
            {
                mixed.AsSpan(at, Math.Min(Page, mixed.Length - at)).Clear();
            }
        }

        return mixed;
    }

    private static FaultyFiles CopyOf(Dictionary<string, FaultyNode> names, Func<FaultyNode, byte[]> content)
    {
        var copy = new FaultyFiles();
        foreach (var (name, node) in names)
        {
            copy.Put(name, content(node));
        }

        return copy;
    }

    private void Free(long bytes) => FreeBytes += FreeBytes == long.MaxValue ? 0 : bytes;
}
