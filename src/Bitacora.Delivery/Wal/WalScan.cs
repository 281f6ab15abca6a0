namespace Bitacora.Delivery.Wal;

/// <summary>
/// Reads the log once, in order, as a start does: gives each batch behind the destination's position, names every loss, and finds the
/// sequence that comes next. One thread.
/// </summary>
internal sealed class WalScan
{
    private readonly IWalFiles _files;
    private readonly ulong _usedThrough;
    private readonly WalWalk _walk;
    private readonly List<WalLoss> _losses = [];
    private WalRecovery _recovery = new();

    public WalScan(IWalFiles files, ulong durableThrough, ulong usedThrough)
    {
        (_files, _usedThrough) = (files, usedThrough);
        _walk = new WalWalk(durableThrough, Add);
    }

    /// <summary>The files that were read, each with the last sequence that it can hold.</summary>
    public List<WalClosedFile> Closed { get; } = [];

    /// <summary>What was found so far.</summary>
    public WalRecovery Recovery => _recovery with { Losses = [.. _losses], Durable = _walk.PassedOver };

    /// <summary>How many sequences are left out before the next.</summary>
    public uint Skipped => _walk.Skipped;

    /// <summary>Reads all files; complete when the enumeration is.</summary>
    public IEnumerable<WalEntry> Read()
    {
        var names = new SortedList<ulong, string>();
        foreach (var name in _files.List())
        {
            if (WalFileName.TryParse(name, out var first))
            {
                names.Add(first, name);
            }
        }

        foreach (var (first, name) in names)
        {
            using var reader = new WalFileReader(_files.Open(name), name);
            _recovery = _recovery with { Files = _recovery.Files + 1, Bytes = _recovery.Bytes + reader.Length };
            _walk.Begin(reader, first);
            foreach (var entry in _walk.Read(reader))
            {
                _recovery = _recovery with { Batches = _recovery.Batches + 1, Records = _recovery.Records + entry.Batch.Count };
                yield return entry;
            }

            if (first == names.Keys[^1])
            {
                EndLastFile(reader);
            }

            Closed.Add(new WalClosedFile(name, Math.Max(first, _walk.Expected) - 1, reader.Length));
        }

        var expected = Math.Max(1, _walk.Expected);
        _walk.Skip(Math.Max(expected, _usedThrough + 1) - expected);
        _recovery = _recovery with { NextSequence = _walk.Expected };
    }

    private void EndLastFile(WalFileReader reader)
    {
        if (_walk.TakeGap() is not { } tail)
        {
            return;
        }

        if (reader.Header is null && reader.Length <= WalFileHeader.Size)
        {
            // A crash while the file was made; nothing had been written to it.
            return;
        }

        Add(reader.Header is null ? tail with { Reason = "neither copy of the file's header can be read" } : tail);

        // Nobody knows whether an entry in these bytes was once whole and had been given on under its number.
        _walk.Skip((ulong)(tail.Bytes / WalEntryHeader.Size) + 1);
        if (reader.Header is not null)
        {
            Cut(reader, tail.Offset);
        }
    }

    private static void Cut(WalFileReader reader, long length)
    {
        try
        {
            reader.Truncate(length);
        }
        catch (IOException)
        {
            // The bytes stay, and the next start names them again. Nothing is ever appended behind them.
        }
    }

    private void Add(WalLoss loss)
    {
        _recovery = _recovery with { LossCount = _recovery.LossCount + 1, LostBytes = _recovery.LostBytes + loss.Bytes };
        if (_losses.Count < WalRecovery.MaxListed)
        {
            _losses.Add(loss);
        }
    }
}
