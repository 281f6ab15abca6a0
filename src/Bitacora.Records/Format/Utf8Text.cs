using System.Buffers;
using System.Text;

namespace Bitacora.Records.Format;

/// <summary>Makes any bytes valid UTF-8 and cuts texts between characters.</summary>
internal static class Utf8Text
{
    /// <summary>The size of U+FFFD, which takes the place of bytes that are not UTF-8.</summary>
    public const int ReplacementLength = 3;

    /// <summary>The longest length up to the limit that does not split a character of a valid text.</summary>
    public static int CutLength(ReadOnlySpan<byte> validText, int limit)
    {
        if (validText.Length <= limit)
        {
            return validText.Length;
        }

        var length = Math.Max(limit, 0);
        while (length > 0 && (validText[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }

    /// <summary>Copies text with U+FFFD in place of what is not UTF-8, at most <paramref name="limit"/> bytes.</summary>
    public static int CopyValid(ReadOnlySpan<byte> text, Span<byte> destination, int limit, out bool cut)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            var length = status == OperationStatus.Done ? consumed : ReplacementLength;
            if (written + length > limit)
            {
                cut = true;
                return written;
            }

            rune.EncodeToUtf8(destination[written..]);
            written += length;
            text = text[consumed..];
        }

        cut = false;
        return written;
    }
}
