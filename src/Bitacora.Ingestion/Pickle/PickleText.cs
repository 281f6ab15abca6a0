using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Pickle;

/// <summary>The texts of a pickle as UTF-8.</summary>
internal static class PickleText
{
    private static ReadOnlySpan<byte> Replacement => "\ufffd"u8;

    /// <summary>
    /// The same text where it is UTF-8; else a copy with U+FFFD for each lone surrogate, which Python writes as if it were a character, and
    /// for whatever else is none.
    /// </summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="copy">Holds the copy; cleared when there is one.</param>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> text, TextBuffer copy)
    {
        if (Utf8.IsValid(text))
        {
            return text;
        }

        copy.Clear();
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out _, out var length);
            if (status == OperationStatus.Done)
            {
                copy.Append(text[..length]);
            }
            else
            {
                length = IsSurrogate(text) ? 3 : length;
                copy.Append(Replacement);
            }

            text = text[length..];
        }

        return copy.Written;
    }

    /// <summary>
    /// The bytes of a value that is <c>bytes</c>: protocol 1 has none, so Python 3 writes each as the character of its number, with the
    /// call that makes bytes of it.
    /// </summary>
    /// <returns>False where a character is no byte, or where there are more than fit.</returns>
    public static bool TryGetLatin1(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        length = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var consumed) != OperationStatus.Done || rune.Value > byte.MaxValue
                || length == bytes.Length)
            {
                return false;
            }

            bytes[length++] = (byte)rune.Value;
            text = text[consumed..];
        }

        return true;
    }

    private static bool IsSurrogate(ReadOnlySpan<byte> text) =>
        text.Length >= 3 && text[0] == 0xED && text[1] is >= 0xA0 and <= 0xBF && text[2] is >= 0x80 and <= 0xBF;
}
