using System.Text;
using Bitacora.Client.Ring;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Ring;

/// <summary>A ring with its memory in hand, so that a test can stop a writer between claim and publication, and damage bytes.</summary>
internal sealed unsafe class RingOnPaper
{
    public static readonly LogWriterIdentity Writer = new("shop", "web-1", 17, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private readonly RingMemory _memory;

    public RingOnPaper(int maxBytes = 64 << 10, int maxEntries = 10_000, string? path = null, RingPosition start = default)
    {
        Header = new RingHeader(Origin.Random(), LogRing.CapacityOf(maxBytes), Writer);
        var length = LogRing.LengthOf(Header.Capacity);
        _memory = path is null ? RingMemory.Allocate(length) : RingMemory.Map(path, length);
        Ring = new LogRing(_memory, Header, maxEntries, maxBytes, start);
    }

    public LogRing Ring { get; }

    public RingHeader Header { get; }

    public Span<byte> Bytes => new(_memory.Start, (int)_memory.Length);

    public RingAnswer Write(string text, Level level = Level.Info) =>
        Ring.TryWrite(level, EntryKind.Log, Encoding.UTF8.GetBytes(text), null);

    /// <summary>Reads one entry; null where there is none.</summary>
    public string? Read() => Ring.TryRead(out var entry) == ReadState.Entry ? Encoding.UTF8.GetString(entry.Payload) : null;

    /// <summary>What a writer does that is stopped: claims, perhaps says how long its entry will be, and no more.</summary>
    /// <returns>Publishes it after all.</returns>
    public Action Stop(string text, bool saysLength)
    {
        var word = (long*)(_memory.Start + RingHeader.Claimed);
        var claimed = new RingWord(*word);
        var payload = Encoding.UTF8.GetBytes(text);
        var length = EntryHeader.Size + payload.Length;
        *word = claimed.After(EntryHeader.UnitsOf(length)).Value;
        var at = RingHeader.Size + (int)(claimed.Offset * RingWord.Unit % Header.Capacity);
        if (saysLength)
        {
            BitConverter.TryWriteBytes(Bytes[at..], -length);
        }

        return () =>
        {
            var entry = Bytes.Slice(at, length);
            payload.CopyTo(entry[EntryHeader.Size..]);
            BitConverter.TryWriteBytes(entry[EntryHeader.Count..], claimed.Count);
            (entry[EntryHeader.Level], entry[EntryHeader.Kind]) = ((byte)Level.Info, (byte)EntryKind.Log);
            BitConverter.TryWriteBytes(
                entry[EntryHeader.Checksum..], EntryHeader.ChecksumOf(payload, claimed.Count, (byte)Level.Info, EntryKind.Log));
            BitConverter.TryWriteBytes(entry, length);
        };
    }
}
