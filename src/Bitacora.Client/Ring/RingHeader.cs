using System.Buffers.Binary;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Ring;

/// <summary>
/// The first page of a ring. What never changes: magic, version, size, origin, who writes; guarded by a checksum. Behind it, each on a
/// cache line of its own, the words that do: where claims are, what is delivered, what is given back.
/// </summary>
internal sealed record RingHeader(Origin Origin, long Capacity, LogWriterIdentity Writer)
{
    /// <summary>Where entries begin.</summary>
    public const int Size = 4096;

    /// <summary>The place behind the last claim (<see cref="RingWord"/>).</summary>
    public const int Claimed = 2048;

    /// <summary>The place of the first entry that is not delivered.</summary>
    public const int Delivered = 2048 + 128;

    /// <summary>A whole count of entries near <see cref="Delivered"/>, whose word has the lower bits only.</summary>
    public const int DeliveredCount = Delivered + 8;

    /// <summary>The place up to which space was zeroed and given back; for writers only.</summary>
    public const int Free = 2048 + 256;

    public const int CurrentVersion = 1;

    private const ulong Magic = 0x474E495241544942; // "BITARING"
    private const int Version = 8;
    private const int Checksum = 12;
    private const int OriginAt = 16;
    private const int CapacityAt = 32;
    private const int ProcessId = 40;
    private const int Since = 48;
    private const int Source = 64;
    private const int Host = Source + 2 + MaxText;
    private const int End = Host + 2 + MaxText;
    private const int MaxText = 900;

    public void Write(Span<byte> page)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page[Version..], CurrentVersion);
        Origin.Write(page[OriginAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(page[CapacityAt..], Capacity);
        BinaryPrimitives.WriteInt32LittleEndian(page[ProcessId..], Writer.ProcessId);
        BinaryPrimitives.WriteInt64LittleEndian(page[Since..], Writer.Since.UtcTicks);
        WriteText(page[Source..], Writer.Source);
        WriteText(page[Host..], Writer.Host);
        BinaryPrimitives.WriteUInt32LittleEndian(page[Checksum..], ChecksumOf(page));

        // Last: a process that is killed before this has never taken an entry.
        BinaryPrimitives.WriteUInt64LittleEndian(page, Magic);
    }

    /// <summary>Whether a page was made and never written: nothing is in that ring.</summary>
    public static bool IsUnwritten(ReadOnlySpan<byte> page) =>
        page.Length < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(page) == 0;

    /// <summary>Reads a page that another process wrote.</summary>
    /// <exception cref="InvalidDataException">It is no ring, or damaged, or of a newer version.</exception>
    public static RingHeader Read(ReadOnlySpan<byte> page)
    {
        if (page.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(page) != Magic)
        {
            throw new InvalidDataException("it does not begin as a ring does");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(page[Version..]);
        if (version > CurrentVersion)
        {
            throw new RingVersionException(
                $"it has format version {version}, and this program reads up to {CurrentVersion}; use the version that wrote it");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(page[Checksum..]) != ChecksumOf(page))
        {
            throw new InvalidDataException("its header is damaged");
        }

        var since = Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(page[Since..]), 0, DateTime.MaxValue.Ticks);
        return new RingHeader(
            Origin.Read(page[OriginAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[CapacityAt..]),
            new LogWriterIdentity(
                ReadText(page[Source..]),
                ReadText(page[Host..]),
                BinaryPrimitives.ReadInt32LittleEndian(page[ProcessId..]),
                new DateTimeOffset(since, TimeSpan.Zero)));
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> page) =>
        EntryHeader.ChecksumOf(page[OriginAt..End], BinaryPrimitives.ReadUInt32LittleEndian(page[Version..]), 0, 0);

    private static void WriteText(Span<byte> place, string text)
    {
        Encoding.UTF8.GetEncoder().Convert(text, place.Slice(2, MaxText), flush: false, out _, out var bytes, out _);
        BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)bytes);
    }

    private static string ReadText(ReadOnlySpan<byte> place) =>
        Encoding.UTF8.GetString(place.Slice(2, Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(place), MaxText)));
}
