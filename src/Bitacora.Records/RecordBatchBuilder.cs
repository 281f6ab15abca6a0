using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bitacora.Records.Format;

namespace Bitacora.Records;

/// <summary>
/// Gathers records and freezes them into batches. Its buffers are kept from batch to batch. One thread at a time.
/// </summary>
/// <remarks>
/// <see cref="Begin"/> a record, set its fields, <see cref="RecordWriter.TryCommit"/>; when that says the batch is full, or when it is
/// time, <see cref="Freeze"/>.
/// </remarks>
public sealed class RecordBatchBuilder
{
    private readonly TimeProvider _clock;
    private readonly BatchMemory? _memory;
    private readonly RecordScratch _scratch;
    private readonly List<BatchOrigin> _origins = [];
    private readonly List<int> _offsets = [];
    private byte[] _records = new byte[16 << 10];
    private int _length;
    private long? _arrival;
    private long _minTime;
    private long _maxTime;
    private long _firstTime;
    private int _levels;
    private int _layers;

    // A record that was filled in: it lies behind the others and is theirs once it is committed.
    private int _filledAt;
    private int _filledLength;

    /// <summary>Makes a builder.</summary>
    /// <param name="sender">Who sends; a part of each record's identity.</param>
    /// <param name="limits">What one record may hold.</param>
    /// <param name="clock">Gives the time of arrival, taken once a batch.</param>
    /// <param name="memory">Where frozen batches lie, if that is to be used again; new memory for each when null.</param>
    /// <exception cref="ArgumentException">A limit is out of its range (<see cref="RecordLimits.Faults"/>).</exception>
    public RecordBatchBuilder(SenderId sender, RecordLimits limits, TimeProvider clock, BatchMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(clock);
        if (limits.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(limits));
        }

        Sender = sender;
        _clock = clock;
        _memory = memory;
        _scratch = new RecordScratch(limits);
        Clear();
    }

    /// <summary>Who sends. Change it only while the builder is empty.</summary>
    public SenderId Sender { get; set; }

    /// <summary>The number of records gathered.</summary>
    public int Count => _offsets.Count;

    /// <summary>The bytes that the batch would have.</summary>
    public int ByteLength => BatchLayout.Origins + (_origins.Count * BatchLayout.OriginSize) + _length + BatchLayout.ChecksumSize;

    /// <summary>Who numbers the records of this batch, and the positions that it covers so far.</summary>
    public IReadOnlyList<BatchOrigin> Origins => _origins;

    /// <summary>
    /// Adds an origin to this batch's table, or finds it there, and returns its index.
    /// </summary>
    /// <exception cref="InvalidOperationException">The table has <see cref="RecordBatch.MaxOrigins"/> already.</exception>
    public int AddOrigin(Origin origin)
    {
        for (var i = 0; i < _origins.Count; i++)
        {
            if (_origins[i].Origin == origin)
            {
                return i;
            }
        }

        if (_origins.Count == RecordBatch.MaxOrigins)
        {
            throw new InvalidOperationException($"A batch has at most {RecordBatch.MaxOrigins} origins.");
        }

        _origins.Add(new BatchOrigin(origin, ulong.MaxValue, 0));
        return _origins.Count - 1;
    }

    /// <summary>
    /// Says that the batch covers these positions too, though no record bears them: refused lines, or a line's length. An empty range
    /// covers nothing.
    /// </summary>
    public void Cover(int originIndex, ulong first, ulong end)
    {
        if (first >= end)
        {
            return;
        }

        var origin = _origins[originIndex];
        _origins[originIndex] = origin with { First = Math.Min(origin.First, first), End = Math.Max(origin.End, end) };
    }

    /// <summary>Begins a record; one that was begun and not committed is discarded.</summary>
    public RecordWriter Begin()
    {
        if (_offsets.Count == 0)
        {
            _arrival = null;
        }

        _scratch.Clear();
        _filledLength = 0;
        return new RecordWriter(this, _scratch);
    }

    /// <summary>
    /// Copies an encoded record as it is, with its position and level, under an origin of this batch. False when there is no room.
    /// </summary>
    public bool TryCopy(in RecordReader record, int originIndex)
    {
        CheckPlace(originIndex, record.Position);
        if (!HasRoom(record.Bytes.Length))
        {
            return false;
        }

        var target = Place(record.Bytes.Length, record.Time, record.Level, record.Layer);
        record.Bytes.CopyTo(target);
        target[RecordLayout.OriginIndex] = (byte)originIndex;
        Cover(originIndex, record.Position, record.Position + 1);
        return true;
    }

    /// <summary>Freezes what was gathered and begins anew, with an empty table of origins.</summary>
    /// <exception cref="InvalidOperationException">Nothing was gathered.</exception>
    public RecordBatch Freeze()
    {
        if (_offsets.Count == 0)
        {
            throw new InvalidOperationException("An empty batch cannot be frozen.");
        }

        RemoveUnusedOrigins();
        var length = ByteLength;
        var memory = _memory?.Take(length) ?? GC.AllocateUninitializedArray<byte>(length);
        var bytes = memory.AsSpan(0, length);
        WriteHeader(bytes);
        var start = BatchLayout.Origins + (_origins.Count * BatchLayout.OriginSize);
        _records.AsSpan(0, _length).CopyTo(bytes[start..]);
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[^BatchLayout.ChecksumSize..], Crc32C.Of(bytes[..^BatchLayout.ChecksumSize]));
        var offsets = new int[_offsets.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = start + _offsets[i];
        }

        var batch = new RecordBatch(memory.AsMemory(0, length), offsets, [.. _origins], _memory is null ? null : memory);
        Clear();
        return batch;
    }

    /// <summary>Discards what was gathered.</summary>
    public void Clear()
    {
        _origins.Clear();
        _offsets.Clear();
        _length = _levels = _layers = 0;
        _arrival = null;
        (_minTime, _maxTime) = (long.MaxValue, long.MinValue);
    }

    internal bool TryCommit(int originIndex, ulong position)
    {
        if (_filledLength > 0)
        {
            return TryCommitFilled(originIndex, position);
        }

        CheckPlace(originIndex, position);
        _scratch.Fit(Arrival());
        var length = _scratch.EncodedLength;
        if (!HasRoom(length))
        {
            return false;
        }

        _scratch.Write(Place(length, _scratch.Time, _scratch.Level, _scratch.Layer), originIndex, position);
        Cover(originIndex, position, position + 1);
        return true;
    }

    internal RecordForm? MakeForm(ReadOnlySpan<FormSlot> slots)
    {
        var (time, attributes) = (_scratch.Time, _scratch.AttributeCount);
        if (!_scratch.HasTime || _scratch.Truncated)
        {
            return null;
        }

        _scratch.Fit(Arrival());
        if (_scratch.Truncated || _scratch.Time != time || _scratch.AttributeCount != attributes)
        {
            return null;
        }

        var record = new byte[_scratch.EncodedLength];
        _scratch.Write(record, 0, 0);
        return RecordForm.Of(record, slots, _scratch.Limits);
    }

    internal FormWriter BeginFilling(RecordForm form, long time, Level level, scoped ReadOnlySpan<byte> message, int room)
    {
        _filledLength = 0;
        var isFit = ReferenceEquals(form.Limits, _scratch.Limits) && _scratch.IsTime(time, Arrival());
        var most = isFit ? (long)_length + form.Constants.Length + message.Length + room + (form.SlotCount * sizeof(long)) : 0;
        if (most > Array.MaxLength)
        {
            isFit = false;
        }
        else if (_records.Length < most)
        {
            Array.Resize(ref _records, (int)Math.Max(most, Math.Min(_records.Length * 2L, Array.MaxLength)));
        }

        return new FormWriter(this, form, isFit ? _records.AsSpan(_length) : default, time, level, message);
    }

    /// <summary>What was written behind the records is one, of so many bytes.</summary>
    internal void Filled(int length) => (_filledAt, _filledLength) = (_length, length);

    private bool TryCommitFilled(int originIndex, ulong position)
    {
        // Where it lies, unless the batch was frozen meanwhile: then it moves to the beginning.
        var filled = _records.AsSpan(_filledAt, _filledLength);
        BinaryPrimitives.WriteUInt64LittleEndian(filled[RecordLayout.Position..], position);
        if (!TryCopy(new RecordReader(filled, 0), originIndex))
        {
            return false;
        }

        _filledLength = 0;
        return true;
    }

    private long Arrival() => _arrival ??= Math.Clamp(RecordTime.Now(_clock), 0, RecordTime.Max);

    private void CheckPlace(int originIndex, ulong position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)originIndex, (uint)_origins.Count, nameof(originIndex));
        ArgumentOutOfRangeException.ThrowIfEqual(position, ulong.MaxValue);
    }

    /// <summary>An origin that was added and covers nothing is not written; what stands behind it moves up.</summary>
    private void RemoveUnusedOrigins()
    {
        if (_origins.TrueForAll(origin => origin.First < origin.End))
        {
            return;
        }

        Span<byte> moved = stackalloc byte[RecordBatch.MaxOrigins];
        var kept = 0;
        for (var i = 0; i < _origins.Count; i++)
        {
            moved[i] = (byte)kept;
            if (_origins[i].First < _origins[i].End)
            {
                _origins[kept++] = _origins[i];
            }
        }

        _origins.RemoveRange(kept, _origins.Count - kept);
        foreach (var offset in _offsets)
        {
            ref var index = ref _records[offset + RecordLayout.OriginIndex];
            index = moved[index];
        }
    }

    private bool HasRoom(int length) => _offsets.Count < RecordBatch.MaxRecords && ByteLength + length <= RecordBatch.MaxBytes;

    private Span<byte> Place(int length, long time, Level level, Layer layer)
    {
        if (_records.Length < _length + length)
        {
            Array.Resize(ref _records, Math.Max(_length + length, _records.Length * 2));
        }

        if (_offsets.Count == 0)
        {
            _firstTime = time;
        }

        _offsets.Add(_length);
        (_minTime, _maxTime) = (Math.Min(_minTime, time), Math.Max(_maxTime, time));
        _levels |= 1 << (int)level;
        _layers |= 1 << (int)layer;
        _length += length;
        return _records.AsSpan(_length - length, length);
    }

    private void WriteHeader(Span<byte> header)
    {
        var headerLength = BatchLayout.Origins + (_origins.Count * BatchLayout.OriginSize);
        header[..headerLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, BatchLayout.MagicValue);
        BinaryPrimitives.WriteUInt16LittleEndian(header[BatchLayout.Version..], BatchLayout.CurrentVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header[BatchLayout.HeaderLength..], (ushort)headerLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[BatchLayout.TotalLength..], (uint)header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[BatchLayout.RecordCount..], (uint)_offsets.Count);
        Sender.Write(header[BatchLayout.Sender..]);
        BatchIdentity.Of(_firstTime, Sender, CollectionsMarshal.AsSpan(_origins)).Write(header[BatchLayout.Id..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[BatchLayout.MinTime..], _minTime);
        BinaryPrimitives.WriteInt64LittleEndian(header[BatchLayout.MaxTime..], _maxTime);
        header[BatchLayout.LevelBits] = (byte)_levels;
        header[BatchLayout.LayerBits] = (byte)_layers;
        header[BatchLayout.OriginCount] = (byte)_origins.Count;
        for (var i = 0; i < _origins.Count; i++)
        {
            var entry = header[(BatchLayout.Origins + (i * BatchLayout.OriginSize))..];
            _origins[i].Origin.Write(entry);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[Origin.Size..], _origins[i].First);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[(Origin.Size + sizeof(ulong))..], _origins[i].End);
        }
    }
}
