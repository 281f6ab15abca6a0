using System.Buffers.Binary;
using Bitacora.Records;

namespace Bitacora.Delivery.Wal;

/// <summary>
/// Walks the entries of one file. Where it loses its place it searches for the next entry: the file's marker, a header whose checksum
/// is right. Where the file's header is lost, entries tell the marker. One thread.
/// </summary>
internal sealed class WalFileReader : IDisposable
{
    private const int SearchBytes = 64 << 10;

    /// <summary>What a disk reads at once; an unreadable place costs this much.</summary>
    private const int BlockBytes = 4 << 10;

    private readonly IWalFile _file;
    private readonly byte[] _header = new byte[WalFileHeader.Size];
    private byte[]? _search;
    private long _offset;

    public WalFileReader(IWalFile file, string name)
        : this(file, name, file.Length)
    {
    }

    /// <summary>Reads a file's first bytes only: what lies behind them is being written.</summary>
    public WalFileReader(IWalFile file, string name, long length)
    {
        (_file, Name, Length) = (file, name, length);
        ReadHeader();
    }

    public string Name { get; }

    public long Length { get; private set; }

    /// <summary>The file's header; null where neither copy can be read.</summary>
    public WalFileHeader? Header { get; private set; }

    /// <summary>Steps over the next entry, or over bytes that are none.</summary>
    public WalStep Next()
    {
        if (_offset >= Length)
        {
            return new WalStep(WalStepKind.End, Length, 0, default);
        }

        var start = _offset;
        if (Header is null)
        {
            _offset = Length;
            return new WalStep(WalStepKind.Tail, 0, Length, default);
        }

        if (TryReadHeader(start, out var header))
        {
            var end = start + WalEntryHeader.Size + header.Length;
            _offset = Math.Min(end, Length);
            return new WalStep(end > Length ? WalStepKind.Tail : WalStepKind.Entry, start, _offset - start, header);
        }

        _offset = Search(start + 1);
        return new WalStep(_offset < Length ? WalStepKind.Damage : WalStepKind.Tail, start, _offset - start, default);
    }

    /// <summary>Reads on to another length.</summary>
    public void Extend(long length) => Length = Math.Max(length, Length);

    /// <summary>The batch of an entry.</summary>
    public byte[] ReadBatch(in WalStep entry)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(entry.Header.Length);
        Read(bytes, entry.Offset + WalEntryHeader.Size);
        return bytes;
    }

    public void Truncate(long length)
    {
        _file.Truncate(length);
        _file.Flush();
        Length = length;
    }

    public void Dispose() => _file.Dispose();

    private void ReadHeader()
    {
        var read = Read(_header, 0);
        _offset = WalFileHeader.Size;
        if (WalFileHeader.TryRead(_header.AsSpan(0, read), out var header))
        {
            Header = header;
        }
        else if (read == _header.Length
            && Read(_header.AsSpan(0, WalEntryHeader.Size), WalFileHeader.Size) == WalEntryHeader.Size
            && WalEntryHeader.TryRead(_header, out var first))
        {
            // Both copies are damaged: the first entry tells the marker.
            Header = new WalFileHeader(first.Marker, first.Sequence, 0);
        }
        else if (FindMarker(WalFileName.FirstOf(Name)) is { } marker)
        {
            Header = new WalFileHeader(marker, WalFileName.FirstOf(Name), 0);
        }
    }

    /// <summary>
    /// The marker of the entries that stand one behind the other up to the file's end, or as far as any do. So text of a record that looks
    /// like entries is not taken for them: it ends within its batch, and the file's own entries go on behind that.
    /// </summary>
    private ulong? FindMarker(ulong firstSequence)
    {
        ulong? marker = null;
        _search ??= new byte[SearchBytes];
        for (long offset = WalFileHeader.Size; offset + WalEntryHeader.Size <= Length;)
        {
            var length = (int)Math.Min(SearchBytes, Length - offset);
            var window = _search.AsSpan(0, Read(_search.AsSpan(0, length), offset));
            var end = offset;
            for (var at = 0; at + WalEntryHeader.Size <= window.Length && end == offset; at++)
            {
                if (WalEntryHeader.TryRead(window[at..], out var entry) && entry.Sequence >= firstSequence && IsWhole(offset + at, entry))
                {
                    marker = entry.Marker;
                    end = EndOfEntries(offset + at, entry);
                }
            }

            // An entry's header may straddle two windows.
            offset = end > offset ? end : offset + Math.Max(1, window.Length - WalEntryHeader.Size + 1);
        }

        return marker;
    }

    private bool IsWhole(long offset, in WalEntryHeader entry)
    {
        if (offset + WalEntryHeader.Size + entry.Length > Length)
        {
            return false;
        }

        try
        {
            RecordBatch.Read(ReadBatch(new WalStep(WalStepKind.Entry, offset, WalEntryHeader.Size + entry.Length, entry)));
            return true;
        }
        catch (RecordFormatException)
        {
            return false;
        }
    }

    /// <summary>Where entries of one marker end that begin at a place without anything between them.</summary>
    private long EndOfEntries(long offset, WalEntryHeader entry)
    {
        var marker = entry.Marker;
        do
        {
            offset += WalEntryHeader.Size + entry.Length;
        }
        while (TryReadAnyHeader(offset, out entry) && entry.Marker == marker);

        return offset;
    }

    private bool TryReadHeader(long offset, out WalEntryHeader header) =>
        TryReadAnyHeader(offset, out header) && header.Marker == Header!.Value.Marker;

    private bool TryReadAnyHeader(long offset, out WalEntryHeader header)
    {
        var bytes = _header.AsSpan(0, WalEntryHeader.Size);
        header = default;
        return Read(bytes, offset) == bytes.Length && WalEntryHeader.TryRead(bytes, out header);
    }

    /// <summary>Where the next entry begins, or the file's end.</summary>
    private long Search(long offset)
    {
        Span<byte> marker = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(marker, Header!.Value.Marker);
        _search ??= new byte[SearchBytes];
        while (offset + WalEntryHeader.Size <= Length)
        {
            var length = (int)Math.Min(SearchBytes, Length - offset);
            var window = _search.AsSpan(0, Read(_search.AsSpan(0, length), offset));
            var found = window.IndexOf(marker);
            if (found < 0)
            {
                // The marker may straddle two windows.
                offset += Math.Max(1, window.Length - marker.Length + 1);
            }
            else if (TryReadHeader(offset + found, out _))
            {
                return offset + found;
            }
            else
            {
                offset += found + 1;
            }
        }

        return Length;
    }

    /// <summary>Reads; what the disk cannot read comes as zeros, which no checksum takes for an entry.</summary>
    private int Read(Span<byte> buffer, long offset)
    {
        try
        {
            return _file.Read(buffer, offset);
        }
        catch (IOException)
        {
            return ReadBlocks(buffer, offset);
        }
    }

    private int ReadBlocks(Span<byte> buffer, long offset)
    {
        var length = (int)Math.Min(buffer.Length, Math.Max(0, Length - offset));
        for (var at = 0; at < length; at += BlockBytes)
        {
            var block = buffer.Slice(at, Math.Min(BlockBytes, length - at));
            try
            {
                block[_file.Read(block, offset + at)..].Clear();
            }
            catch (IOException)
            {
                block.Clear();
            }
        }

        return length;
    }
}
