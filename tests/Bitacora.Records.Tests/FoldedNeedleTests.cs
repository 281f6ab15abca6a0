using CsCheck;

namespace Bitacora.Records.Tests;

public class FoldedNeedleTests
{
    [Fact]
    public void A_needle_is_found_where_the_folded_text_contains_the_folded_needle() =>
        Gen.Select(MixedText.Gen(0, 3), MixedText.Gen(0, 140)).Sample(Agrees, iter: 20_000);

    [Fact]
    public void Needles_of_every_length_are_found_at_every_place_around_the_blocks() =>
        Gen.Select(MixedText.Gen(1, 40), Gen.Int[0, 100], Gen.Int[0, 100], Gen.Bool).Sample(
            (needle, before, after, near) =>
            {
                // A neighbour that misses by one character must not count as a hit.
                var middle = near ? needle[..^1] + "\u0001" : needle.ToUpperInvariant();
                Agrees(needle, new string('a', before) + middle + new string('K', after));
            },
            iter: 20_000);

    [Fact]
    public void Every_length_from_1_to_40_in_texts_up_to_three_blocks()
    {
        for (var length = 1; length <= 40; length++)
        {
            var needle = new string('n', length - 1) + "E";
            for (var size = 0; size <= 100; size++)
            {
                for (var at = 0; at <= size - length; at += 3)
                {
                    Agrees(needle, new string('N', at) + needle.ToLowerInvariant() + new string('x', size - length - at));
                }

                Agrees(needle, new string('n', size));
            }
        }
    }

    [Theory]
    [InlineData("k", "\u212A", true)]
    [InlineData("task", "taſ\u212A", true)]
    [InlineData("\u212A", "k", true)]
    [InlineData("σ", "ς", true)]
    [InlineData("[", "{", false)]
    [InlineData("@", "`", false)]
    [InlineData("", "", true)]
    [InlineData("", "x", true)]
    [InlineData("x", "", false)]
    [InlineData("é", "É", true)]
    [InlineData("e", "é", false)]
    public void Corners(string needle, string text, bool found) =>
        new FoldedNeedle(needle).IsIn(Batches.Utf8(text)).ShouldBe(found);

    [Fact]
    public void A_long_text_with_other_characters_is_searched_whole()
    {
        var text = Batches.Utf8(new string('é', 5000) + "TA\u212AE");
        new FoldedNeedle("take").IsIn(text).ShouldBeTrue();
        new FoldedNeedle("take!").IsIn(text).ShouldBeFalse();
        new FoldedNeedle("Éta").IsIn(text).ShouldBeTrue();
    }

    private static void Agrees(string needle, string text) =>
        new FoldedNeedle(needle).IsIn(Batches.Utf8(text))
            .ShouldBe(CaseFold.Fold(text).Contains(CaseFold.Fold(needle), StringComparison.Ordinal));
}
