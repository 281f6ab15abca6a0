using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.MemTable;

/// <summary>
/// The encoded batches that wait to be sealed, kept as they came. One writer (the store, under its lock); a reader works on
/// <see cref="Snapshot"/>, which later batches do not change.
/// </summary>
/// <param name="createdAt">When it was begun, ticks since 1970.</param>
/// <param name="plan">The seal that a crash cut short, whose remainder this buffer takes; null for new records.</param>
internal sealed class RowBuffer(long createdAt, SealingPlan? plan = null)
{
    private MemTableEntry[] _entries = new MemTableEntry[16];
    private int _count;

    /// <summary>When its first batch came, ticks since 1970.</summary>
    public long CreatedAt { get; } = createdAt;

    /// <summary>How it is sealed, once that is fixed: a seal that is tried again must send each record to the same file.</summary>
    public SealingPlan? Plan { get; set; } = plan;

    public int Rows { get; private set; }

    /// <summary>Encoded bytes of all batches.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sequence of the last batch.</summary>
    public ulong LastSequence { get; private set; }

    public bool IsEmpty => _count == 0;

    public void Add(ulong sequence, RecordBatch batch)
    {
        if (_count == _entries.Length)
        {
            // A new array: snapshots go on reading the old one.
            Array.Resize(ref _entries, _count * 2);
        }

        _entries[_count++] = new MemTableEntry(sequence, batch);
        Rows += batch.Count;
        Bytes += batch.Bytes.Length;
        LastSequence = sequence;
    }

    /// <summary>Goes past a sequence of which nothing is kept.</summary>
    public void Pass(ulong sequence) => LastSequence = sequence;

    public ReadOnlyMemory<MemTableEntry> Snapshot() => _entries.AsMemory(0, _count);
}
