using System.Buffers;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// The records of a draft as rows, in order. Their batches are pinned while it lives: DuckDB reads texts where they lie.
/// </summary>
/// <param name="rows">Which records, in order.</param>
/// <param name="entries">The batches that they refer to.</param>
/// <param name="numberOrigins">Gives a batch's origins their numbers in the file; called once a batch.</param>
/// <param name="names">Counts attribute names.</param>
internal sealed class SegmentRows(
    ReadOnlyMemory<RowReference> rows,
    ReadOnlyMemory<MemTableEntry> entries,
    Func<RecordBatch, int[]> numberOrigins,
    AttributeNameCounts names) : IRowSource, IDisposable
{
    private readonly RecordRowWriter _writer = new(names);
    private readonly int[]?[] _numbers = new int[entries.Length][];
    private readonly MemoryHandle[] _pins = new MemoryHandle[entries.Length];
    private int _next;

    /// <summary>Which levels occurred so far.</summary>
    public byte LevelBits { get; private set; }

    /// <summary>Which layers occurred so far.</summary>
    public byte LayerBits { get; private set; }

    /// <summary>Which columns got any value so far.</summary>
    public int Columns => _writer.Columns;

    public int Fill(ReadOnlySpan<ColumnWriter> columns, ChunkTexts texts, int capacity)
    {
        var part = rows.Span[_next..Math.Min(_next + capacity, rows.Length)];
        var all = entries.Span;
        var row = 0;
        for (; row < part.Length && !texts.IsFull; row++)
        {
            var (_, entry, index) = part[row];
            var batch = all[entry].Batch;
            var numbers = _numbers[entry] ?? Begin(entry, batch);
            var record = batch[index];
            _writer.Write(columns, row, record, numbers[record.OriginIndex]);
            LevelBits |= (byte)(1 << (int)record.Level);
            LayerBits |= (byte)(1 << (int)record.Layer);
        }

        _next += row;
        return row;
    }

    public void Dispose()
    {
        foreach (ref var pin in _pins.AsSpan())
        {
            pin.Dispose();
        }
    }

    private int[] Begin(int entry, RecordBatch batch)
    {
        _pins[entry] = batch.Bytes.Pin();
        return _numbers[entry] = numberOrigins(batch);
    }
}
