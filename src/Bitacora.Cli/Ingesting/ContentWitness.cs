using System.Buffers.Binary;
using System.Security.Cryptography;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>
/// What a server remembers of a file's content: with each batch, one position that is a hash of the bytes before the batch's end. Whoever
/// has the same bytes there finds the position among those that are stored; another file that merely begins alike does not.
/// </summary>
internal static class ContentWitness
{
    /// <summary>The bytes before an end that are looked at: some dozens of lines with their times.</summary>
    public const int Reach = 4096;

    // A server keeps 16,384 separate positions an origin, and a GiB of input has a quarter as many batches.
    private const int OriginBits = 30;

    /// <summary>The witness of a file's content up to an end.</summary>
    /// <param name="file">The file's origin.</param>
    /// <param name="end">The end of a batch.</param>
    /// <param name="before">The <see cref="Reach"/> bytes before it, or all there are.</param>
    public static BatchOrigin Of(Origin file, ulong end, ReadOnlySpan<byte> before)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> place = stackalloc byte[Origin.Size + sizeof(ulong)];
        file.Write(place);
        BinaryPrimitives.WriteUInt64BigEndian(place[Origin.Size..], end);
        hash.AppendData(place);
        hash.AppendData(before);
        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(result);

        // Even ones only: positions that touch would be merged.
        var position = BinaryPrimitives.ReadUInt64BigEndian(result) & RecordId.MaxSequence & ~1UL;
        return new BatchOrigin(OriginOf(file, end), position, position + 1);
    }

    /// <summary>Who numbers the witnesses of a file around an end.</summary>
    public static Origin OriginOf(Origin file, ulong end)
    {
        Span<byte> identity = stackalloc byte[7 + Origin.Size + sizeof(ulong)];
        "witness"u8.CopyTo(identity);
        file.Write(identity[7..]);
        BinaryPrimitives.WriteUInt64BigEndian(identity[(7 + Origin.Size)..], end >> OriginBits);
        return Origin.OfGeneration(identity).With(byteOffsets: false);
    }
}
