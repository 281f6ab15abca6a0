using System.Buffers;
using System.Text;

namespace Bitacora.Cli.Ingesting;

/// <summary>Whether a file is not text: login records, the journal's own files, archives, and whatever else lies beside logs.</summary>
internal static class BinaryContent
{
    private static readonly byte[][] Magic =
    [
        "LPKSHHRH"u8.ToArray(), "BZh"u8.ToArray(), [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "PK\u0003\u0004"u8.ToArray(),
        [0x7f, (byte)'E', (byte)'L', (byte)'F'], "SQLite format 3"u8.ToArray(), [0x04, 0x22, 0x4d, 0x18],
    ];

    /// <param name="start">The first bytes, uncompressed.</param>
    public static bool IsIn(ReadOnlySpan<byte> start)
    {
        foreach (var magic in Magic)
        {
            if (start.StartsWith(magic))
            {
                return true;
            }
        }

        // Programs do write a NUL into a log, and a file that was truncated under its writer begins with a run of them.
        var text = start.TrimStart((byte)0);
        var zeros = text.Count((byte)0);
        return (text.IsEmpty && !start.IsEmpty) || (zeros > 8 && zeros > text.Length / 64) || IsNoise(text);
    }

    // Latin-1 is no UTF-8 either, and some terminal's output has control characters; what is compressed or encrypted has much of both.
    private static bool IsNoise(ReadOnlySpan<byte> text)
    {
        var (length, controls, invalid) = (text.Length, 0, 0);
        while (!text.IsEmpty)
        {
            invalid += Rune.DecodeFromUtf8(text, out var rune, out var taken) == OperationStatus.Done ? 0 : 1;
            controls += rune.Value is (> 0 and < 7) or (> 13 and < 27) or (> 27 and < 32) or 127 ? 1 : 0;
            text = text[taken..];
        }

        return invalid > 8 && invalid > length / 16 && controls > 8 && controls > length / 32;
    }
}
