using System.Buffers.Binary;
using Bitacora.Records.Format;

namespace Bitacora.Records;

/// <summary>
/// A frozen batch of encoded records: the one form in which records travel, from the log call through the write-ahead log and the wire
/// to the store. It never changes, so it may be read by any number of threads, until its memory is given back
/// (<see cref="BatchMemory"/>). Format: <c>docs/record-format.md</c>.
/// </summary>
public sealed class RecordBatch
{
    /// <summary>The most bytes in a batch: 8 MiB.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>The most records in a batch.</summary>
    public const int MaxRecords = 16_384;

    /// <summary>The most origins in a batch.</summary>
    public const int MaxOrigins = 255;

    private readonly int[] _offsets;
    private readonly BatchOrigin[] _origins;
    private readonly ulong[] _originHashes;
    private ReadOnlyMemory<byte> _bytes;
    private byte[]? _memory;

    /// <param name="bytes">The encoded batch.</param>
    /// <param name="offsets">Where its records begin.</param>
    /// <param name="origins">Its table of origins.</param>
    /// <param name="memory">What the bytes lie in, where that can be used again.</param>
    internal RecordBatch(ReadOnlyMemory<byte> bytes, int[] offsets, BatchOrigin[] origins, byte[]? memory = null)
    {
        _bytes = bytes;
        _memory = memory;
        _offsets = offsets;
        _origins = origins;
        var header = bytes.Span;
        Sender = new SenderId(BinaryPrimitives.ReadUInt64BigEndian(header[BatchLayout.Sender..]));
        Id = RecordId.Read(header[BatchLayout.Id..]);
        MinTime = BinaryPrimitives.ReadInt64LittleEndian(header[BatchLayout.MinTime..]);
        MaxTime = BinaryPrimitives.ReadInt64LittleEndian(header[BatchLayout.MaxTime..]);
        LevelBits = header[BatchLayout.LevelBits];
        LayerBits = header[BatchLayout.LayerBits];
        _originHashes = new ulong[origins.Length];
        for (var i = 0; i < origins.Length; i++)
        {
            _originHashes[i] = Hash60.OfOrigin(origins[i].Origin, Sender);
        }
    }

    /// <summary>The encoded batch, header and checksum included.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Who sent it.</summary>
    public SenderId Sender { get; }

    /// <summary>The batch's own identity, a function of its first record's time, its sender and its origins' positions.</summary>
    public RecordId Id { get; }

    /// <summary>The earliest time in it, in units of 100 ns since 1970.</summary>
    public long MinTime { get; }

    /// <summary>The latest time in it, in units of 100 ns since 1970.</summary>
    public long MaxTime { get; }

    /// <summary>Bit <c>1 &lt;&lt; level</c> is set for each level that occurs.</summary>
    public byte LevelBits { get; }

    /// <summary>Bit <c>1 &lt;&lt; layer</c> is set for each layer that occurs.</summary>
    public byte LayerBits { get; }

    /// <summary>The number of records, at least one.</summary>
    public int Count => _offsets.Length;

    /// <summary>Who numbered the records, and which positions the batch covers.</summary>
    public ReadOnlySpan<BatchOrigin> Origins => _origins;

    /// <summary>The record at an index below <see cref="Count"/>, in the order in which they were written.</summary>
    public RecordReader this[int index] => ReadAt(_offsets[index]);

    /// <summary>The hash at which sequences of the origin begin (<see cref="Hash60.OfOrigin"/>).</summary>
    public ulong OriginHash(int originIndex) => _originHashes[originIndex];

    /// <summary>Walks the records.</summary>
    public RecordEnumerator GetEnumerator() => new(this);

    /// <summary>
    /// Reads a batch and checks all of it: lengths, checksum, UTF-8, ranges. The bytes are kept, not copied; they must not change.
    /// </summary>
    /// <exception cref="RecordFormatException">The bytes are not a batch that this version can read.</exception>
    public static RecordBatch Read(ReadOnlyMemory<byte> bytes) => BatchDecoder.Decode(bytes);

    /// <summary>What the bytes lie in, if that can be used again: then the batch cannot be read any more. Otherwise null.</summary>
    internal byte[]? TakeMemory()
    {
        if (Interlocked.Exchange(ref _memory, null) is not { } memory)
        {
            return null;
        }

        // Whoever looks at it now, against the rules, shall not see what belongs to others.
        _bytes = default;
        return memory;
    }

    private RecordReader ReadAt(int offset)
    {
        var record = _bytes.Span[offset..];
        record = record[..(int)BinaryPrimitives.ReadUInt32LittleEndian(record)];
        return new RecordReader(record, _originHashes[record[RecordLayout.OriginIndex]]);
    }

    /// <summary>Walks the records of a batch.</summary>
    public ref struct RecordEnumerator
    {
        private readonly RecordBatch _batch;
        private int _index;

        internal RecordEnumerator(RecordBatch batch)
        {
            _batch = batch;
            _index = -1;
        }

        /// <summary>The record stepped on.</summary>
        public readonly RecordReader Current => _batch[_index];

        /// <summary>Steps on the next record.</summary>
        public bool MoveNext() => ++_index < _batch.Count;
    }
}
