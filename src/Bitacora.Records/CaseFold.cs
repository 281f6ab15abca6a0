using System.Text;
using Bitacora.Records.Folding;

namespace Bitacora.Records;

/// <summary>
/// The product's one meaning of "regardless of case": simple case folding by code point with a frozen table. No culture, no accents,
/// no normalisation; İ, ß and ligatures equal only themselves, ς equals σ and ſ equals s.
/// </summary>
public static class CaseFold
{
    /// <summary>The version of the table, kept beside stored folds. 16 stands for Unicode 16.0.</summary>
    public const int Version = 16;

    /// <summary>The fold of a code point.</summary>
    public static int Fold(int codePoint) => CaseFoldTable.Fold(codePoint);

    /// <summary>The most bytes that a text of so many bytes folds to: a two-byte character may become three bytes.</summary>
    public static int MaxFoldedLength(int length) => checked(length + (length / 2));

    /// <summary>Folds valid UTF-8 and returns the length written.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="destination">At least <see cref="MaxFoldedLength"/> bytes.</param>
    public static int Fold(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        var written = 0;
        while (!utf8.IsEmpty)
        {
            if (Ascii.IsValid(utf8[0]))
            {
                var end = utf8.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
                var run = end < 0 ? utf8 : utf8[..end];
                Ascii.ToLower(run, destination[written..], out _);
                written += run.Length;
                utf8 = utf8[run.Length..];
                continue;
            }

            Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            written += new Rune(Fold(rune.Value)).EncodeToUtf8(destination[written..]);
            utf8 = utf8[consumed..];
        }

        return written;
    }

    /// <summary>Folds a string.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            folded.Append(new Rune(Fold(rune.Value)).ToString());
        }

        return folded.ToString();
    }

    /// <summary>Whether two valid UTF-8 texts are equal when folded.</summary>
    public static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (Ascii.IsValid(left) && Ascii.IsValid(right))
        {
            return Ascii.EqualsIgnoreCase(left, right);
        }

        while (!left.IsEmpty && !right.IsEmpty)
        {
            Rune.DecodeFromUtf8(left, out var leftRune, out var leftLength);
            Rune.DecodeFromUtf8(right, out var rightRune, out var rightLength);
            if (leftRune != rightRune && Fold(leftRune.Value) != Fold(rightRune.Value))
            {
                return false;
            }

            left = left[leftLength..];
            right = right[rightLength..];
        }

        return left.IsEmpty && right.IsEmpty;
    }
}
