using Bitacora.Records;

namespace Bitacora.Delivery.Wal;

/// <summary>
/// Walks files of the log in order: gives each batch behind a sequence and names every loss there. One thread.
/// </summary>
/// <param name="passOver">The sequence through which batches are passed over.</param>
/// <param name="lost">Told of each loss.</param>
internal sealed class WalWalk(ulong passOver, Action<WalLoss> lost)
{
    private ulong _passOver = passOver;

    /// <summary>The sequence that comes next; 0 before the first file.</summary>
    public ulong Expected { get; private set; }

    /// <summary>How many sequences were left out before it.</summary>
    public uint Skipped { get; private set; }

    /// <summary>Bytes that were no entry, and of which it is not known yet what they were.</summary>
    public WalLoss? Gap { get; private set; }

    /// <summary>The batches that were passed over.</summary>
    public long PassedOver { get; private set; }

    /// <summary>Passes over what comes through a sequence.</summary>
    public void PassOver(ulong through) => _passOver = Math.Max(_passOver, through);

    /// <summary>Begins the next file.</summary>
    public void Begin(WalFileReader reader, ulong firstByName)
    {
        var first = Math.Max(1, firstByName);
        var before = first - Math.Min(first - 1, reader.Header?.Skipped ?? 0);
        if (Expected == 0)
        {
            // The first file: what is passed over need not be here. A destination that remembers nothing says 0.
            Expected = _passOver == 0 ? first : Math.Min(first, _passOver + 1);
        }

        if (before > Expected)
        {
            Missing(reader.Name, 0, before);
        }
        else if (Gap is { } tail)
        {
            lost(tail);
        }

        Gap = null;

        // A last file without entries is made anew under its name and must say the same.
        Skipped = first > Expected ? (uint)(first - before) : 0;
        Expected = Math.Max(Expected, first);
    }

    /// <summary>The entries of a file that was begun, up to its end as it is now.</summary>
    public IEnumerable<WalEntry> Read(WalFileReader reader)
    {
        for (var step = reader.Next(); step.Kind != WalStepKind.End; step = reader.Next())
        {
            if (Take(reader, step) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Everything through a sequence should have come by here.</summary>
    public void End(WalFileReader reader, ulong through)
    {
        if (through >= Expected)
        {
            Missing(reader.Name, Gap?.Offset ?? reader.Length, through + 1);
        }

        Gap = null;
    }

    /// <summary>The gap at the log's end is what it is.</summary>
    public WalLoss? TakeGap()
    {
        var gap = Gap;
        Gap = null;
        return gap;
    }

    /// <summary>Leaves out sequences.</summary>
    public void Skip(ulong sequences)
    {
        Expected = Math.Max(1, Expected) + sequences;
        Skipped += (uint)Math.Min(uint.MaxValue - Skipped, sequences);
    }

    private WalEntry? Take(WalFileReader reader, in WalStep step)
    {
        if (step.Kind is WalStepKind.Damage or WalStepKind.Tail)
        {
            if (step.Header.Sequence > 0)
            {
                CloseGap(reader, step);
            }

            Gap = new WalLoss(
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
        if (sequence < Expected)
        {
            lost(new WalLoss(
                reader.Name, step.Offset, step.Bytes, sequence, sequence, WalLossKind.Stale, "an entry with a number that came before"));
            return null;
        }

        CloseGap(reader, step);
        Skipped = 0;
        Expected = sequence + 1;
        if (sequence <= _passOver)
        {
            PassedOver++;
            return null;
        }

        try
        {
            return new WalEntry(sequence, step.Header.Arrival, RecordBatch.Read(reader.ReadBatch(step)));
        }
        catch (RecordFormatException e)
        {
            lost(new WalLoss(reader.Name, step.Offset, step.Bytes, sequence, sequence, WalLossKind.Damaged, e.Message));
            return null;
        }
    }

    /// <summary>A header with a number tells what the bytes before it were.</summary>
    private void CloseGap(WalFileReader reader, in WalStep step)
    {
        if (step.Header.Sequence > Expected)
        {
            Missing(reader.Name, step.Offset, step.Header.Sequence);
        }
        else if (Gap is { } garbage)
        {
            lost(garbage with { Kind = WalLossKind.Damaged, Reason = "bytes between two entries are no entry" });
        }

        Gap = null;
    }

    /// <summary>Sequences from the expected one up to another are not there; bytes that were no entry may have been they.</summary>
    private void Missing(string name, long offset, ulong next)
    {
        var first = Math.Max(Expected, _passOver + 1);
        Expected = next;
        if (first >= next)
        {
            return;
        }

        if (Gap is { } damage)
        {
            lost(damage with
            {
                FirstSequence = first,
                LastSequence = next - 1,
                Kind = WalLossKind.Damaged,
                Reason = "the entry's header is damaged",
            });
        }
        else
        {
            lost(new WalLoss(name, offset, 0, first, next - 1, WalLossKind.Missing, "entries are missing before this place"));
        }
    }
}
