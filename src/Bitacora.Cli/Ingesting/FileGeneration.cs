using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>
/// Who numbered a file's lines: the file's first bytes, uncompressed. So a file is the same one when it grew, was renamed by rotation,
/// compressed or copied, and another one when it was begun anew.
/// </summary>
/// <remarks>
/// The first kilobyte identifies a file. One that was shorter when it was stored bears all that it had then, up to a line end; so for a
/// file that nobody knows by its first kilobyte, each shorter beginning is tried, the longest first.
/// </remarks>
internal static class FileGeneration
{
    /// <summary>Bytes that identify a file that has as many.</summary>
    public const int Identity = 1024;

    /// <summary>The origins under which the file may be known, the likeliest first. The first is the one for a file that is new.</summary>
    public static IEnumerable<Origin> Candidates(ReadOnlyMemory<byte> start)
    {
        var lengths = new List<int> { IdentifyingLength(start.Span) };
        for (var end = start.Span.LastIndexOf((byte)'\n') + 1; end > 0; end = start.Span[..(end - 1)].LastIndexOf((byte)'\n') + 1)
        {
            lengths.Add(end);
        }

        return lengths.Distinct().Select(length => Origin.OfGeneration(start.Span[..length]));
    }

    /// <summary>The origin of a file, and what of it is stored.</summary>
    /// <param name="start">The bytes that identify it.</param>
    /// <param name="ask">Asks for the positions that are stored of an origin.</param>
    public static async Task<(Origin Origin, IReadOnlyList<PositionRange> Stored)> FindAsync(
        ReadOnlyMemory<byte> start, Func<Origin, Task<IReadOnlyList<PositionRange>>> ask)
    {
        Origin? first = null;
        foreach (var candidate in Candidates(start))
        {
            first ??= candidate;
            var stored = await ask(candidate);
            if (stored.Count > 0)
            {
                return (candidate, stored);
            }
        }

        return (first!.Value, []);
    }

    // An unfinished line may go on in another way when the file grows, so a short file is known by its whole lines, if it has any.
    private static int IdentifyingLength(ReadOnlySpan<byte> start)
    {
        var wholeLines = start.LastIndexOf((byte)'\n') + 1;
        return start.Length == Identity || wholeLines == 0 ? start.Length : wholeLines;
    }
}
