using System.Runtime.CompilerServices;
using Bitacora.Records;

namespace Bitacora.Client.Ring;

/// <summary>
/// A bounded ring of bytes for any number of writers and one reader. A writer claims its place by one compare-and-swap, copies, and
/// publishes its length; it takes no lock, allocates nothing and never waits. The reader gives space back when what lay there is delivered.
/// </summary>
internal sealed unsafe class LogRing
{
    private readonly RingMemory _memory;
    private readonly byte* _data;
    private readonly long* _claimed;
    private readonly long* _free;
    private readonly uint _mask;
    private readonly uint _units;
    private readonly uint _lowUnits;
    private readonly uint _entries;
    private readonly uint _lowEntries;
    private readonly uint _manyMask;

    // By the entry's number: the collector must see them, and so they cannot lie in the ring.
    private readonly Exception?[] _exceptions;

    // The reader's own place; writers look at the word, to see how much waits.
    private RingPosition _read;
    private long _readWord;
    private RingPosition _freed;
    private ulong _seen;

    // Claims as the reader saw them last: each look takes the writers' cache line from them.
    private RingWord _knownClaims;

    /// <param name="memory">Zeroed; as long as <see cref="LengthOf"/> says.</param>
    /// <param name="header">Stands in its first page.</param>
    /// <param name="maxEntries">The most entries.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <param name="start">Where it begins; elsewhere than at the beginning only where a test wants to see numbers wrap.</param>
    public LogRing(RingMemory memory, RingHeader header, int maxEntries, int maxBytes, RingPosition start = default)
    {
        _memory = memory;
        _data = memory.Start + RingHeader.Size;
        _claimed = (long*)(memory.Start + RingHeader.Claimed);
        _free = (long*)(memory.Start + RingHeader.Free);
        _mask = (uint)(header.Capacity / RingWord.Unit) - 1;
        (_units, _entries) = ((uint)maxBytes / RingWord.Unit, (uint)maxEntries);
        (_lowUnits, _lowEntries) = (_units - (_units / 8), _entries - (_entries / 8));
        _manyMask = (uint)System.Numerics.BitOperations.RoundUpToPowerOf2(Math.Clamp(_entries / 16, 1, 128)) - 1;
        _exceptions = new Exception?[System.Numerics.BitOperations.RoundUpToPowerOf2(_entries)];
        MaxPayload = ((int)_units / 4 * RingWord.Unit) - EntryHeader.Size;
        (_read, _freed, _seen, _readWord, _knownClaims) = (start, start, start.Count, start.Word.Value, start.Word);
        (*_claimed, *_free) = (start.Word.Value, start.Word.Value);
        ShowDelivered(start);
        header.Write(new Span<byte>(memory.Start, RingHeader.Size));
    }

    /// <summary>
    /// The most bytes of one entry: a quarter of the ring, so that it always finds room in an empty one, wherever that begins.
    /// </summary>
    public int MaxPayload { get; }

    /// <summary>Whether the ring outlives the process.</summary>
    public bool IsFile => _memory.IsFile;

    /// <summary>How many entries were ever claimed. From any thread.</summary>
    public ulong ClaimedCount
    {
        get
        {
            var seen = Volatile.Read(ref _seen);
            return seen + ((Claimed.Count - (uint)seen) & RingWord.CountMask);
        }
    }

    /// <summary>Bytes that are claimed and not given back. From any thread.</summary>
    public long UsedBytes
    {
        get
        {
            var free = new RingWord(Volatile.Read(ref *_free));
            return (long)Claimed.UnitsSince(free) * RingWord.Unit;
        }
    }

    /// <summary>Whether a quarter of the ring is used. From any thread.</summary>
    public bool IsQuarterFull
    {
        get
        {
            var free = new RingWord(Volatile.Read(ref *_free));
            var claimed = Claimed;
            return claimed.UnitsSince(free) > _units / 4 || claimed.EntriesSince(free) > _entries / 4;
        }
    }

    /// <summary>Whether a quarter of the ring is free, so that ordinary logs are taken again.</summary>
    public bool HasRoom
    {
        get
        {
            var free = new RingWord(Volatile.Read(ref *_free));
            var claimed = Claimed;
            return claimed.UnitsSince(free) <= _units / 4 * 3 && claimed.EntriesSince(free) <= _entries / 4 * 3;
        }
    }

    /// <summary>The reader's place.</summary>
    public RingPosition ReadPosition => _read;

    private RingWord Claimed => new(Volatile.Read(ref *_claimed));

    /// <summary>A ring's whole length for so many bytes of entries: a power of two, which divides what offsets are modulo.</summary>
    public static long CapacityOf(int maxBytes) => System.Numerics.BitOperations.RoundUpToPowerOf2((uint)maxBytes);

    /// <summary>The bytes of memory for a capacity.</summary>
    public static long LengthOf(long capacity) => RingHeader.Size + capacity;

    /// <summary>Puts an entry into the ring. From any thread.</summary>
    /// <param name="level">The last eighth is for WARNING and above.</param>
    /// <param name="kind">What it is; only the queue's own is taken by a closed ring.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes.</param>
    /// <param name="exception">Kept beside the ring until the entry is read.</param>
    public RingAnswer TryWrite(Level level, EntryKind kind, ReadOnlySpan<byte> payload, Exception? exception)
    {
        if (payload.Length > MaxPayload)
        {
            return RingAnswer.Full;
        }

        var length = EntryHeader.Size + payload.Length;
        var (claimed, padding, units) = Claim(level, kind, EntryHeader.UnitsOf(length));
        if (units == 0)
        {
            return claimed.IsClosed ? RingAnswer.Closed : RingAnswer.Full;
        }

        // As soon as it can be: what a killed process left is stepped over by its length.
        var at = _data + ((ulong)((claimed.Offset + padding) & _mask) * RingWord.Unit);
        Volatile.Write(ref *(int*)at, -length);
        if (padding > 0)
        {
            var end = _data + ((ulong)(claimed.Offset & _mask) * RingWord.Unit);
            Publish(end, (int)padding * RingWord.Unit, claimed.Count, 0, EntryKind.Padding);
        }

        payload.CopyTo(new Span<byte>(at + EntryHeader.Size, payload.Length));
        if (exception is not null)
        {
            _exceptions[claimed.Count & (_exceptions.Length - 1)] = exception;
        }

        Publish(at, length, claimed.Count, (byte)level, kind);
        var isMany = IsMany(claimed, units);
        GC.KeepAlive(this);
        return isMany ? RingAnswer.TakenAndMany : RingAnswer.Taken;
    }

    /// <summary>Whether an entry of a level would find no room now, however small it is. From any thread.</summary>
    public RingAnswer Look(Level level)
    {
        var (mostUnits, mostEntries) = level >= Level.Warning ? (_units, _entries) : (_lowUnits, _lowEntries);
        var free = new RingWord(Volatile.Read(ref *_free));
        while (true)
        {
            // Behind what was given back: else others that write meanwhile, and a reader that follows them, make the ring look endless.
            var claimed = Claimed;
            if (claimed.IsClosed)
            {
                return RingAnswer.Closed;
            }

            if (claimed.UnitsSince(free) < mostUnits && claimed.EntriesSince(free) < mostEntries)
            {
                return RingAnswer.Taken;
            }

            // It may have been given back since.
            var now = new RingWord(Volatile.Read(ref *_free));
            if (now == free)
            {
                return RingAnswer.Full;
            }

            free = now;
        }
    }

    /// <summary>Takes no more. Whoever has claimed by now has its entry in the ring.</summary>
    public void Close()
    {
        RingWord claimed;
        do
        {
            claimed = Claimed;
        }
        while (Interlocked.CompareExchange(ref *_claimed, claimed.Closed.Value, claimed.Value) != claimed.Value);
    }

    /// <summary>Steps on the next entry. The reader's thread only.</summary>
    public ReadState TryRead(out RingEntry entry)
    {
        entry = default;
        while (true)
        {
            if (_knownClaims.UnitsSince(_read.Word) == 0 && (_knownClaims = Claimed).UnitsSince(_read.Word) == 0)
            {
                return ReadState.Empty;
            }

            var at = _data + ((ulong)(_read.Offset & _mask) * RingWord.Unit);
            var length = Volatile.Read(ref *(int*)at);
            if (length <= 0)
            {
                return ReadState.Unpublished;
            }

            var kind = (EntryKind)at[EntryHeader.Kind];
            var offset = _read.Offset + EntryHeader.UnitsOf(length);
            if (kind == EntryKind.Padding)
            {
                _read = _read with { Offset = offset };
                continue;
            }

            ref var exception = ref _exceptions[_read.Count & (uint)(_exceptions.Length - 1)];
            entry = new RingEntry(
                new ReadOnlySpan<byte>(at + EntryHeader.Size, length - EntryHeader.Size),
                _read.Count,
                (Level)at[EntryHeader.Level],
                kind,
                exception);
            exception = null;
            _read = new RingPosition(_read.Count + 1, offset);
            return ReadState.Entry;
        }
    }

    /// <summary>Says how far was read. The reader's thread, from time to time: writers' processors then lose a cache line.</summary>
    public void ShowReading()
    {
        Volatile.Write(ref _readWord, _read.Word.Value);
        Volatile.Write(ref _seen, _read.Count);
    }

    /// <summary>Gives back the space before a place: what lay there is delivered. The reader's thread only.</summary>
    public void Release(RingPosition through)
    {
        // First for whoever finds the ring after a kill: from here on it is not read again, zeroed or not.
        ShowDelivered(through);
        var from = _freed.Offset & _mask;
        var units = through.Offset - _freed.Offset;
        var first = Math.Min(units, _mask + 1 - from);
        Zero(from, first);
        Zero(0, units - first);
        _freed = through;
        Volatile.Write(ref *_free, through.Word.Value);
    }

    private void ShowDelivered(RingPosition through)
    {
        Volatile.Write(ref *(long*)(_memory.Start + RingHeader.DeliveredCount), (long)through.Count);
        Volatile.Write(ref *(long*)(_memory.Start + RingHeader.Delivered), through.Word.Value);
    }

    /// <summary>Units 0: refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (RingWord Claimed, uint Padding, uint Units) Claim(Level level, EntryKind kind, uint units)
    {
        var (mostUnits, mostEntries) = level >= Level.Warning ? (_units, _entries) : (_lowUnits, _lowEntries);
        var free = new RingWord(Volatile.Read(ref *_free));
        while (true)
        {
            var claimed = Claimed;
            if (claimed.IsClosed && kind == EntryKind.Log)
            {
                return (claimed, 0, 0);
            }

            var toEnd = _mask + 1 - (claimed.Offset & _mask);
            var padding = units <= toEnd ? 0 : toEnd;
            if (claimed.UnitsSince(free) + padding + units > mostUnits || claimed.EntriesSince(free) >= mostEntries)
            {
                // It may have been given back since.
                var now = new RingWord(Volatile.Read(ref *_free));
                if (now == free)
                {
                    return (new RingWord(claimed.Value & long.MaxValue), 0, 0);
                }

                free = now;
                continue;
            }

            if (Interlocked.CompareExchange(ref *_claimed, claimed.After(padding + units).Value, claimed.Value) == claimed.Value)
            {
                return (claimed, padding, padding + units);
            }
        }
    }

    private void Publish(byte* at, int length, uint count, byte level, EntryKind kind)
    {
        *(uint*)(at + EntryHeader.Count) = count;
        at[EntryHeader.Level] = level;
        at[EntryHeader.Kind] = (byte)kind;
        if (_memory.IsFile && kind != EntryKind.Padding)
        {
            var payload = new ReadOnlySpan<byte>(at + EntryHeader.Size, length - EntryHeader.Size);
            *(uint*)(at + EntryHeader.Checksum) = EntryHeader.ChecksumOf(payload, count, level, kind);
        }

        Volatile.Write(ref *(int*)at, length);
    }

    /// <summary>Looked at now and then only: the reader's place is on a cache line that the reader writes.</summary>
    private bool IsMany(RingWord claimed, uint units)
    {
        if ((claimed.Count & _manyMask) != 0 && ((claimed.Offset ^ (claimed.Offset + units)) >> 10) == 0)
        {
            return false;
        }

        var read = new RingWord(Volatile.Read(ref _readWord));
        return claimed.EntriesSince(read) >= _entries / 4 || claimed.UnitsSince(read) + units > _units / 4;
    }

    private void Zero(uint from, uint units) =>
        new Span<byte>(_data + ((ulong)from * RingWord.Unit), (int)(units * RingWord.Unit)).Clear();
}
