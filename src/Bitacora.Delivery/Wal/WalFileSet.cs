namespace Bitacora.Delivery.Wal;

/// <summary>
/// Which files the log has, which sequences they hold and how far they are flushed. Safe from any thread: files come by the appending
/// thread, go by whoever drops, and are looked for by readers.
/// </summary>
internal sealed class WalFileSet
{
    // Guards everything below.
    private readonly Lock _gate = new();
    private List<WalClosedFile> _closed = [];
    private string? _active;
    private long _length;
    private long _flushedLength;
    private ulong _flushedThrough;
    private ulong _droppedThrough;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _length + _closed.Sum(file => file.Length);
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _closed.Count + (_active is null ? 0 : 1);
            }
        }
    }

    /// <summary>The last sequence of the files that were removed.</summary>
    public ulong DroppedThrough
    {
        get
        {
            lock (_gate)
            {
                return _droppedThrough;
            }
        }
    }

    /// <summary>What a start found.</summary>
    public void Recovered(List<WalClosedFile> closed, ulong through)
    {
        lock (_gate)
        {
            (_closed, _flushedThrough) = (closed, through);
        }
    }

    /// <summary>Another file is written from now on; the one before it, which holds a last sequence, is closed.</summary>
    public void Begin(string name, ulong lastBefore)
    {
        lock (_gate)
        {
            if (_active is not null)
            {
                _closed.Add(new WalClosedFile(_active, lastBefore, _length));
            }

            // One without entries, left by an earlier start, bore the same name.
            _closed.RemoveAll(closed => closed.Name == name);
            (_active, _length, _flushedLength) = (name, WalFileHeader.Size, 0);
        }
    }

    /// <summary>The file that is written has so many bytes.</summary>
    public void Wrote(long length)
    {
        lock (_gate)
        {
            _length = length;
        }
    }

    /// <summary>All that was written is safe, and that is everything through a sequence.</summary>
    public void Flushed(ulong through)
    {
        lock (_gate)
        {
            (_flushedLength, _flushedThrough) = (_length, through);
        }
    }

    /// <summary>Takes out the files that hold nothing behind a sequence.</summary>
    public List<WalClosedFile> Take(ulong through)
    {
        lock (_gate)
        {
            // Without a file that is being written, the last one is kept: its name says which sequences were used.
            var droppable = _active is null ? _closed.Count - 1 : _closed.Count;
            var count = 0;
            while (count < droppable && _closed[count].LastSequence <= through)
            {
                count++;
            }

            List<WalClosedFile> files = _closed[..count];
            _closed.RemoveRange(0, count);
            if (count > 0)
            {
                _droppedThrough = Math.Max(_droppedThrough, files[^1].LastSequence);
            }

            return files;
        }
    }

    /// <summary>Files that were taken out and could not be removed.</summary>
    public void GiveBack(List<WalClosedFile> files)
    {
        lock (_gate)
        {
            _closed.InsertRange(0, files);
        }
    }

    /// <summary>The file that holds a flushed sequence, or the first behind it; null where nothing flushed is there.</summary>
    public WalSpan? Find(ulong sequence)
    {
        lock (_gate)
        {
            foreach (var file in _closed)
            {
                if (file.LastSequence >= sequence)
                {
                    return new WalSpan(file.Name, file.LastSequence, file.Length, IsActive: false);
                }
            }

            return _active is not null && _flushedThrough >= sequence ? Active() : null;
        }
    }

    /// <summary>A file as it is now; null if it was removed.</summary>
    public WalSpan? Find(string name)
    {
        lock (_gate)
        {
            if (name == _active)
            {
                return Active();
            }

            var file = _closed.Find(closed => closed.Name == name);
            return file.Name is null ? null : new WalSpan(name, file.LastSequence, file.Length, IsActive: false);
        }
    }

    private WalSpan Active() => new(_active!, _flushedThrough, _flushedLength, IsActive: true);
}
