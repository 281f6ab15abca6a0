using Bitacora.Cli.Showing;
using CsCheck;

namespace Bitacora.Cli.Tests;

public sealed class WrappingTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char['a', 'f'].Select(c => c.ToString()), Gen.Const(" "), Gen.Const("ñ"), Gen.Const("日"), Gen.Const("😀"), Gen.Const("\n"))
        .Array[0, 80].Select(string.Concat);

    [Fact]
    public void No_line_is_wider_than_asked_and_nothing_but_blanks_is_lost() =>
        Gen.Select(Texts, Gen.Int[2, 30], Gen.Int[2, 30]).Sample((text, first, rest) =>
        {
            var lines = Wrapping.Lines(text, first, rest).ToList();
            lines.Skip(1).ShouldAllBe(line => Wrapping.WidthOf(line) <= rest);
            Wrapping.WidthOf(lines[0]).ShouldBeLessThanOrEqualTo(first);
            string.Concat(lines).Replace(" ", "", StringComparison.Ordinal)
                .ShouldBe(text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        });

    [Fact]
    public void Lines_break_at_blanks_where_that_costs_little() =>
        Wrapping.Lines("the quick brown fox jumps", 16, 12).ShouldBe(["the quick brown", "fox jumps"]);

    [Fact]
    public void A_cut_text_says_so_and_fits() => Gen.Select(Texts, Gen.Int[2, 30]).Sample((text, width) =>
    {
        var cut = Wrapping.Cut(text, width);
        Wrapping.WidthOf(cut).ShouldBeLessThanOrEqualTo(Math.Max(width, 3));
        (cut == text || cut.EndsWith('…')).ShouldBeTrue();
    });

    [Fact]
    public void Padding_counts_columns_and_not_characters()
    {
        Wrapping.Pad("日本", 6).ShouldBe("日本  ");
        Wrapping.Pad("7", 3, right: true).ShouldBe("  7");
    }
}
