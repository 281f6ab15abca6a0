using System.Buffers.Binary;

namespace Bitacora.Delivery.Wal;

/// <summary>
/// What a file of the log begins with, twice, so that one flipped bit in it costs nothing. Specified in <c>docs/wal-format.md</c>.
/// </summary>
/// <param name="Marker">
/// Begins every entry of the file. It is random, so that no text in a record can look like an entry to a reader that lost its place.
/// </param>
/// <param name="FirstSequence">The sequence of the file's first entry; also in its name.</param>
/// <param name="Skipped">
/// How many sequences before it were left out on purpose, because an entry whose number nobody knows may have borne them.
/// </param>
internal readonly record struct WalFileHeader(ulong Marker, ulong FirstSequence, uint Skipped)
{
    public const int Size = 2 * CopySize;
    public const int CopySize = 32;
    public const ushort CurrentVersion = 1;

    /// <summary>"BTCW", read little-endian.</summary>
    private const uint MagicValue = 0x57435442;
    private const int Version = 4;
    private const int HeaderLength = 6;
    private const int MarkerOffset = 8;
    private const int FirstSequenceOffset = 16;
    private const int SkippedOffset = 24;
    private const int Checksum = 28;

    public void Write(Span<byte> bytes)
    {
        var copy = bytes[..CopySize];
        copy.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(copy, MagicValue);
        BinaryPrimitives.WriteUInt16LittleEndian(copy[Version..], CurrentVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(copy[HeaderLength..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(copy[MarkerOffset..], Marker);
        BinaryPrimitives.WriteUInt64LittleEndian(copy[FirstSequenceOffset..], FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(copy[SkippedOffset..], Skipped);
        BinaryPrimitives.WriteUInt32LittleEndian(copy[Checksum..], LogChecksum.Of(copy[..Checksum]));
        copy.CopyTo(bytes[CopySize..]);
    }

    /// <summary>Reads whichever copy is whole.</summary>
    /// <exception cref="WalVersionException">A newer version wrote the file.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WalFileHeader header)
    {
        for (; bytes.Length >= CopySize; bytes = bytes[CopySize..])
        {
            var copy = bytes[..CopySize];
            if (BinaryPrimitives.ReadUInt32LittleEndian(copy) != MagicValue
                || BinaryPrimitives.ReadUInt32LittleEndian(copy[Checksum..]) != LogChecksum.Of(copy[..Checksum]))
            {
                continue;
            }

            var version = BinaryPrimitives.ReadUInt16LittleEndian(copy[Version..]);
            if (version > CurrentVersion)
            {
                throw new WalVersionException(version, CurrentVersion);
            }

            header = new WalFileHeader(
                BinaryPrimitives.ReadUInt64LittleEndian(copy[MarkerOffset..]),
                BinaryPrimitives.ReadUInt64LittleEndian(copy[FirstSequenceOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(copy[SkippedOffset..]));
            return true;
        }

        header = default;
        return false;
    }
}
