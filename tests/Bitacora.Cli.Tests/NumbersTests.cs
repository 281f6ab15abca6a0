using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Tests;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(85_623_664, "81.7 MiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Sizes_have_the_unit_that_fits(long bytes, string text) => Numbers.Size(bytes).ShouldBe(text);

    [Theory]
    [InlineData(0.5, "0.5 ms")]
    [InlineData(420, "420 ms")]
    [InlineData(4_600, "4.6 s")]
    [InlineData(125_000, "2 min 5 s")]
    [InlineData(7_500_000, "2 h 5 min")]
    [InlineData(999.7, "1 s")]
    [InlineData(59_970, "1 min 0 s")]
    [InlineData(3_599_900, "1 h 0 min")]
    [InlineData(1055 * 86_400_000.0 + 7_500_000, "1055 d 2 h")]
    public void Durations_have_the_units_that_fit(double milliseconds, string text) =>
        Numbers.Duration(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void Counts_have_their_noun()
    {
        Numbers.Count(1, "record").ShouldBe("1 record");
        Numbers.Count(1_234_567, "record").ShouldBe("1,234,567 records");
        Numbers.Count(2, "batch was", "batches were").ShouldBe("2 batches were");
    }
}
