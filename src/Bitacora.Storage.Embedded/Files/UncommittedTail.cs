using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// Cuts what a process that was killed left of a commit off DuckDB's log of a file, before DuckDB reads it.
/// </summary>
/// <remarks>
/// DuckDB ends each commit with an entry that says so, and must take nothing over that has none behind it. Up to 1.5.6 it does all the
/// same with rows that a large insert had put into the file beforehand, which the log only points to: a process that dies while it waits
/// for the disk at the end of a seal leaves records that no segment knows (duckdb/duckdb#25931).
/// <para>
/// The log is a version entry of a few fields, then entries of a length, a checksum (eight bytes each) and a content, whose first field is
/// the entry's kind: <c>WriteAheadLogSerializer</c> and <c>WALType</c> of DuckDB.
/// </para>
/// </remarks>
internal static class UncommittedTail
{
    private const int MostHeaderBytes = 256;
    private const int FrameBytes = 16;

    // Of an entry: the number of its first field, and its kind, which takes one byte.
    private const int KindBytes = 3;
    private const ushort KindField = 100;
    private const ushort VersionField = 101;
    private const ushort IdentifierField = 102;
    private const ushort NoField = 0xFFFF;
    private const byte VersionKind = 98;
    private const byte CommitKind = 100;
    private const ulong KnownVersion = 2;

    /// <summary>Nothing is changed where there is no log, where it ends with a commit, or where it is none that this knows.</summary>
    /// <param name="log">The file's path with <c>.wal</c>; DuckDB must not have it open.</param>
    /// <exception cref="IOException">The log cannot be read or written.</exception>
    public static void Cut(string log)
    {
        if (!File.Exists(log))
        {
            return;
        }

        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (CommittedBytes(file, length) is { } committed && committed < length)
        {
            // Nothing at all is left where no commit is in it: an empty log is no log to DuckDB.
            RandomAccess.SetLength(file, committed);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Bytes through the end of the last commit; null where it is no log that this knows.</summary>
    private static long? CommittedBytes(SafeFileHandle file, long length)
    {
        Span<byte> header = stackalloc byte[MostHeaderBytes];
        if (HeaderBytes(header[..RandomAccess.Read(file, header, 0)]) is not { } position)
        {
            return null;
        }

        var committed = 0L;
        Span<byte> entry = stackalloc byte[FrameBytes + KindBytes];
        while (RandomAccess.Read(file, entry, position) == entry.Length)
        {
            var size = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            if (size == 0)
            {
                // What a loss of power leaves where the file had grown and its bytes were not written.
                break;
            }

            if (size < KindBytes || BinaryPrimitives.ReadUInt16LittleEndian(entry[FrameBytes..]) != KindField)
            {
                return null;
            }

            if (size > (ulong)(length - position - FrameBytes))
            {
                break;
            }

            position += FrameBytes + (long)size;
            if (entry[^1] == CommitKind)
            {
                committed = position;
            }
        }

        return committed;
    }

    private static long? HeaderBytes(ReadOnlySpan<byte> header)
    {
        var position = 0;
        while (position + sizeof(ushort) <= header.Length)
        {
            var field = BinaryPrimitives.ReadUInt16LittleEndian(header[position..]);
            position += sizeof(ushort);
            if (field == NoField)
            {
                return position;
            }

            if (!TryReadNumber(header, ref position, out var value)
                || (field == KindField && value != VersionKind)
                || (field == VersionField && value != KnownVersion))
            {
                return null;
            }

            for (var i = 0ul; field == IdentifierField && i < value; i++)
            {
                if (!TryReadNumber(header, ref position, out _))
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <summary>Reads a number of seven bits a byte, the lowest first.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; position < bytes.Length && shift < 64; shift += 7)
        {
            var part = bytes[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
