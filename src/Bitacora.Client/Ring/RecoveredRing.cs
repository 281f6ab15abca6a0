using System.Numerics;
using System.Runtime.InteropServices;
using Bitacora.Records;

namespace Bitacora.Client.Ring;

/// <summary>
/// Reads the ring's file of a process that has ended, wherever it was killed: from the first entry that is not delivered to the last that
/// was claimed, over holes and half-written entries. An entry is taken if its checksum is right, so a flipped bit costs that entry.
/// </summary>
internal sealed unsafe class RecoveredRing
{
    private const long LeastCapacity = 64 << 10;
    private const long MostCapacity = 1L << 30;

    private readonly RingMemory _memory;
    private readonly byte* _data;
    private readonly uint _units;
    private readonly ulong _deliveredCount;
    private uint _offset;
    private uint _left;

    private RecoveredRing(RingMemory memory, RingHeader header)
    {
        (_memory, Header) = (memory, header);
        _data = memory.Start + RingHeader.Size;
        _units = (uint)(header.Capacity / RingWord.Unit);
        var claimed = new RingWord(*(long*)(memory.Start + RingHeader.Claimed));
        var delivered = new RingWord(*(long*)(memory.Start + RingHeader.Delivered));
        var near = *(ulong*)(memory.Start + RingHeader.DeliveredCount);
        _deliveredCount = CountOf(delivered.Count, near);
        _offset = delivered.Offset;

        // A word that makes no sense is damaged. What is delivered was zeroed, so all of the ring can be looked through.
        _left = claimed.UnitsSince(delivered) <= _units ? claimed.UnitsSince(delivered) : _units;
        Claimed = claimed.EntriesSince(delivered) <= _units ? claimed.EntriesSince(delivered) : 0;
    }

    public RingHeader Header { get; }

    /// <summary>Entries that were claimed and not delivered.</summary>
    public uint Claimed { get; }

    /// <summary>Entries that were read.</summary>
    public uint Found { get; private set; }

    /// <summary>Entries that were published, and are damaged; as many as could be told apart.</summary>
    public uint Damaged { get; private set; }

    /// <summary>Maps a ring's file.</summary>
    /// <exception cref="InvalidDataException">It is no ring, or its header is damaged.</exception>
    /// <exception cref="RingVersionException">A newer version wrote it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RecoveredRing Open(string path)
    {
        var length = new FileInfo(path).Length;
        if (length < LogRing.LengthOf(LeastCapacity) || length > LogRing.LengthOf(MostCapacity))
        {
            throw new InvalidDataException($"it has {length} bytes, and no ring has so many");
        }

        var memory = RingMemory.MapExisting(path, length);
        var header = RingHeader.Read(new ReadOnlySpan<byte>(memory.Start, RingHeader.Size));
        if (!BitOperations.IsPow2(header.Capacity) || LogRing.LengthOf(header.Capacity) != length)
        {
            throw new InvalidDataException($"it says that it has room for {header.Capacity} bytes, and has {length}");
        }

        return new RecoveredRing(memory, header);
    }

    /// <summary>Steps on the next entry that can be read.</summary>
    public bool TryRead(out RingEntry entry)
    {
        var wasDamaged = false;
        while (_left > 0)
        {
            var index = _offset & (_units - 1);
            var at = _data + ((ulong)index * RingWord.Unit);
            var length = *(int*)at;

            // Not published, or a flipped sign: if its checksum is right, all of it is there.
            var size = length == int.MinValue ? 0 : Math.Abs(length);
            var units = EntryHeader.UnitsOf(size);
            if (size >= EntryHeader.Size && units <= Math.Min(_left, _units - index))
            {
                if (IsPadding(at, size, index))
                {
                    Step(units);
                    continue;
                }

                if (TryTake(at, size, out entry))
                {
                    Step(units);
                    Found++;
                    return true;
                }

                // Half-written; but within a damaged entry a number that happens to be negative says nothing.
                if (length < 0 && !wasDamaged)
                {
                    Step(units);
                    continue;
                }
            }

            Damaged += length > 0 && !wasDamaged ? 1u : 0;
            wasDamaged = length > 0 || wasDamaged;
            Step(1);
        }

        entry = default;
        return false;
    }

    private static ulong CountOf(uint count, ulong near)
    {
        // A difference of 31 bits with its sign.
        var difference = (int)((count - (uint)near) << 1) >> 1;
        return near + (ulong)(long)difference;
    }

    private bool IsPadding(byte* at, int size, uint index) =>
        at[EntryHeader.Kind] == (byte)EntryKind.Padding && size == (long)(_units - index) * RingWord.Unit;

    private bool TryTake(byte* at, int size, out RingEntry entry)
    {
        var payload = MemoryMarshal.CreateReadOnlySpan(ref at[EntryHeader.Size], size - EntryHeader.Size);
        var count = *(uint*)(at + EntryHeader.Count);
        var (level, kind) = (at[EntryHeader.Level], (EntryKind)at[EntryHeader.Kind]);
        var isWhole = kind is EntryKind.Log or EntryKind.Gap
            && *(uint*)(at + EntryHeader.Checksum) == EntryHeader.ChecksumOf(payload, count, level, kind);
        entry = isWhole ? new RingEntry(payload, CountOf(count, _deliveredCount), (Level)level, kind, null) : default;
        return isWhole;
    }

    private void Step(uint units)
    {
        _offset += units;
        _left -= units;
        GC.KeepAlive(_memory);
    }
}
