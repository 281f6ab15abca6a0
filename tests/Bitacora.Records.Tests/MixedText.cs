using CsCheck;

namespace Bitacora.Records.Tests;

/// <summary>
/// Short alphabets in which needles are found often: both cases, both sigmas, K and its sign, two to four bytes a character.
/// </summary>
internal static class MixedText
{
    private static readonly string[] Ascii = ["a", "A", "b", "k", "K", "s", "S", "@", "[", "`", "{", "1", " "];

    private static readonly string[] All =
        [.. Ascii, "\u212A", "ſ", "σ", "ς", "Σ", "ß", "ẞ", "Ⱥ", "ⱥ", "é", "É", "İ", "😀", "𐐀", "𐐨", "\0"];

    public static Gen<string> Gen(int least, int most) => CsCheck.Gen.OneOf(
        CsCheck.Gen.OneOf(Ascii).Array[least, most], CsCheck.Gen.OneOf(All).Array[least, most]).Select(string.Concat);
}
