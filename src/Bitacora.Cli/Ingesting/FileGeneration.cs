using System.Buffers.Binary;
using Bitacora.Cli.Commands;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>
/// Who numbered a file's lines: the file's first bytes, uncompressed, and a number that tells files apart which begin alike. So a file is
/// the same one when it grew, was renamed by rotation, compressed or copied, and another one when it was begun anew.
/// </summary>
/// <remarks>
/// A file that was shorter than the bytes that identify it when it was stored bears all that it had then, up to a line end; so each shorter
/// beginning is tried, the longest first. Whether what is stored of a generation is this file's content, its
/// <see cref="ContentWitness"/> says; if not, the next number is tried.
/// </remarks>
internal static class FileGeneration
{
    /// <summary>Bytes that identify a file that has as many.</summary>
    public const int Identity = 1024;

    // Files with one beginning of which a server knows; it forgets after 8 days.
    private const int MostAlike = 10_000;

    /// <summary>The beginnings under which a file may be known, the likeliest first. The first is the one for a file that is new.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Beginnings(ReadOnlyMemory<byte> start)
    {
        var lengths = new List<int> { IdentifyingLength(start.Span) };
        for (var end = start.Span.LastIndexOf((byte)'\n') + 1; end > 0; end = start.Span[..(end - 1)].LastIndexOf((byte)'\n') + 1)
        {
            lengths.Add(end);
        }

        return lengths.Distinct().Select(length => start[..length]);
    }

    /// <summary>The origin of the files with a beginning, by their number.</summary>
    public static Origin OriginOf(ReadOnlyMemory<byte> beginning, int number)
    {
        if (number == 0)
        {
            return Origin.OfGeneration(beginning.Span);
        }

        Span<byte> identity = stackalloc byte[beginning.Length + sizeof(int)];
        beginning.Span.CopyTo(identity);
        BinaryPrimitives.WriteInt32BigEndian(identity[beginning.Length..], number);
        return Origin.OfGeneration(identity);
    }

    /// <summary>The origin of a file, and what of it is stored.</summary>
    /// <param name="start">The bytes that identify it.</param>
    /// <param name="ask">Asks for the positions that are stored of an origin.</param>
    /// <param name="isContent">Whether what is stored of an origin is the content of this file.</param>
    /// <exception cref="CommandException">The server knows too many files that begin so.</exception>
    public static async Task<(Origin Origin, IReadOnlyList<PositionRange> Stored)> FindAsync(
        ReadOnlyMemory<byte> start, Func<Origin, Task<IReadOnlyList<PositionRange>>> ask,
        Func<Origin, IReadOnlyList<PositionRange>, Task<bool>> isContent)
    {
        Origin? free = null;
        foreach (var beginning in Beginnings(start))
        {
            for (var number = 0; ; number++)
            {
                var origin = OriginOf(beginning, number);
                var stored = await ask(origin);
                if (stored.Count == 0)
                {
                    free ??= origin;
                    break;
                }

                if (await isContent(origin, stored))
                {
                    return (origin, stored);
                }

                if (number == MostAlike)
                {
                    throw new CommandException(
                        $"The server knows {MostAlike} other files that begin as this one does.", "--again stores it whatever is known.");
                }
            }
        }

        return (free!.Value, []);
    }

    // An unfinished line may go on in another way when the file grows, so a short file is known by its whole lines, if it has any.
    private static int IdentifyingLength(ReadOnlySpan<byte> start)
    {
        var wholeLines = start.LastIndexOf((byte)'\n') + 1;
        return start.Length == Identity || wholeLines == 0 ? start.Length : wholeLines;
    }
}
