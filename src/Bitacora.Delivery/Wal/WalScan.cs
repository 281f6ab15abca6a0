using Bitacora.Records;

namespace Bitacora.Delivery.Wal;

/// <summary>
/// Reads the log once, in order, as a start does: gives each batch behind the destination's position, names every loss, and finds the
/// sequence that comes next. One thread.
/// </summary>
internal sealed class WalScan
{
    private readonly IWalFiles _files;
    private readonly ulong _durableThrough;
    private readonly List<WalLoss> _losses = [];
    private WalRecovery _recovery = new();
    private ulong _expected;
    private WalLoss? _gap;

    public WalScan(IWalFiles files, ulong durableThrough)
    {
        _files = files;
        _durableThrough = durableThrough;
    }

    /// <summary>The files that were read, each with the last sequence that it can hold.</summary>
    public List<WalClosedFile> Closed { get; } = [];

    /// <summary>What was found so far.</summary>
    public WalRecovery Recovery => _recovery with { Losses = [.. _losses] };

    /// <summary>How many sequences are left out before the next.</summary>
    public uint Skipped { get; private set; }

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
            BeginFile(reader, first);
            for (var step = reader.Next(); step.Kind != WalStepKind.End; step = reader.Next())
            {
                if (Take(reader, step) is { } entry)
                {
                    yield return entry;
                }
            }

            EndFile(reader, isLast: first == names.Keys[^1]);
            Closed.Add(new WalClosedFile(name, Math.Max(first, _expected) - 1, reader.Length));
        }

        _expected = Math.Max(_expected, 1);
        Skip(Math.Max(_expected, _durableThrough + 1) - _expected);
        _recovery = _recovery with { NextSequence = _expected };
    }

    private void BeginFile(WalFileReader reader, ulong firstByName)
    {
        _recovery = _recovery with { Files = _recovery.Files + 1, Bytes = _recovery.Bytes + reader.Length };
        var first = Math.Max(1, firstByName);
        var before = first - Math.Min(first - 1, reader.Header?.Skipped ?? 0);
        if (_expected == 0)
        {
            // The first file: what the destination has need not be here. One that remembers nothing says 0.
            _expected = _durableThrough == 0 ? first : Math.Min(first, _durableThrough + 1);
        }

        if (before > _expected)
        {
            Missing(reader.Name, 0, before);
        }
        else if (_gap is { } tail)
        {
            Add(tail);
        }

        _gap = null;

        // A last file without entries is made anew under its name and must say the same.
        Skipped = first > _expected ? (uint)(first - before) : 0;
        _expected = Math.Max(_expected, first);
    }

    private WalEntry? Take(WalFileReader reader, in WalStep step)
    {
        if (step.Kind is WalStepKind.Damage or WalStepKind.Tail)
        {
            if (step.Header.Sequence > 0)
            {
                CloseGap(reader, step);
            }

            _gap = new WalLoss(
                reader.Name,
                step.Offset,
                step.Bytes,
                step.Header.Sequence,
                step.Header.Sequence,
                WalLossKind.TornTail,
                step.Header.Sequence > 0 ? "the last entry is cut" : "the last bytes are no entry");
            return null;
        }

        var sequence = step.Header.Sequence;
        if (sequence < _expected)
        {
            Add(new WalLoss(
                reader.Name, step.Offset, step.Bytes, sequence, sequence, WalLossKind.Stale, "an entry with a number that came before"));
            return null;
        }

        CloseGap(reader, step);
        Skipped = 0;
        _expected = sequence + 1;
        if (sequence <= _durableThrough)
        {
            _recovery = _recovery with { Durable = _recovery.Durable + 1 };
            return null;
        }

        try
        {
            var batch = RecordBatch.Read(reader.ReadBatch(step));
            _recovery = _recovery with { Batches = _recovery.Batches + 1, Records = _recovery.Records + batch.Count };
            return new WalEntry(sequence, step.Header.Arrival, batch);
        }
        catch (RecordFormatException e)
        {
            Add(new WalLoss(reader.Name, step.Offset, step.Bytes, sequence, sequence, WalLossKind.Damaged, e.Message));
            return null;
        }
    }

    /// <summary>A header with a number tells what the bytes before it were.</summary>
    private void CloseGap(WalFileReader reader, in WalStep step)
    {
        if (step.Header.Sequence > _expected)
        {
            Missing(reader.Name, step.Offset, step.Header.Sequence);
        }
        else if (_gap is { } garbage)
        {
            Add(garbage with { Kind = WalLossKind.Damaged, Reason = "bytes between two entries are no entry" });
        }

        _gap = null;
    }

    /// <summary>Sequences from the expected one up to another are not there; bytes that were no entry may have been they.</summary>
    private void Missing(string name, long offset, ulong next)
    {
        var first = Math.Max(_expected, _durableThrough + 1);
        if (first >= next)
        {
            // The destination has them all.
            _expected = next;
            return;
        }

        if (_gap is { } damage)
        {
            Add(damage with
            {
                FirstSequence = first,
                LastSequence = next - 1,
                Kind = WalLossKind.Damaged,
                Reason = "the entry's header is damaged",
            });
        }
        else
        {
            Add(new WalLoss(name, offset, 0, first, next - 1, WalLossKind.Missing, "entries are missing before this place"));
        }

        _expected = next;
    }

    private void EndFile(WalFileReader reader, bool isLast)
    {
        if (!isLast || _gap is not { } tail)
        {
            return;
        }

        _gap = null;
        if (reader.Header is null && reader.Length <= WalFileHeader.Size)
        {
            // A crash while the file was made; nothing had been written to it.
            return;
        }

        Add(reader.Header is null ? tail with { Reason = "neither copy of the file's header can be read" } : tail);

        // Nobody knows whether an entry in these bytes was once whole and had been given on under its number.
        Skip((ulong)(tail.Bytes / WalEntryHeader.Size) + 1);
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

    private void Skip(ulong sequences)
    {
        _expected += sequences;
        Skipped += (uint)Math.Min(uint.MaxValue - Skipped, sequences);
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
