namespace Bitacora.Records.Tests;

public class LevelsTests
{
    [Theory]
    [InlineData("ERROR", Level.Error)]
    [InlineData("err", Level.Error)]
    [InlineData("Warn", Level.Warning)]
    [InlineData("fatal", Level.Critical)]
    [InlineData("critical", Level.Critical)]
    [InlineData("trace", Level.Trace)]
    public void Names_and_aliases_are_read_in_any_case(string text, Level level)
    {
        Levels.TryParse(text, out var fromChars).ShouldBeTrue();
        fromChars.ShouldBe(level);
        Levels.TryParse(Batches.Utf8(text), out var fromBytes).ShouldBeTrue();
        fromBytes.ShouldBe(level);
    }

    [Theory]
    [InlineData("notice")]
    [InlineData("")]
    [InlineData("errors")]
    [InlineData("ſevere")]
    [InlineData("criticality")]
    public void The_query_language_knows_no_others(string text)
    {
        Levels.TryParse(text, out _).ShouldBeFalse();
        Levels.TryParse(Batches.Utf8(text), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Notice", Level.Info)]
    [InlineData("Information", Level.Info)]
    [InlineData("verbose", Level.Trace)]
    [InlineData("EMERG", Level.Critical)]
    [InlineData("severe", Level.Error)]
    public void Senders_write_more(string text, Level level)
    {
        Levels.TryParseSenders(Batches.Utf8(text), out var read).ShouldBeTrue();
        read.ShouldBe(level);
    }

    [Fact]
    public void Numbers_round_down()
    {
        long[] python = [-1, 5, 9, 10, 19, 20, 25, 30, 39, 40, 49, 50, 1000];
        python.Select(Levels.FromPython).ShouldBe(
        [
            Level.Trace, Level.Trace, Level.Trace, Level.Debug, Level.Debug, Level.Info, Level.Info, Level.Warning, Level.Warning,
            Level.Error, Level.Error, Level.Critical, Level.Critical,
        ]);
        Enumerable.Range(0, 9).Select(Levels.FromSyslog).ShouldBe(
        [
            Level.Critical, Level.Critical, Level.Critical, Level.Error, Level.Warning, Level.Info, Level.Info, Level.Debug, Level.Debug,
        ]);
    }

    [Theory]
    [InlineData(7.0, "7")]
    [InlineData(0.5, "0.5")]
    [InlineData(1e21, "1E+21")]
    [InlineData(-0.0, "0")]
    [InlineData(double.Epsilon, "5E-324")]
    [InlineData(-1.7976931348623157E+308, "-1.7976931348623157E+308")]
    public void Doubles_have_one_text(double value, string text)
    {
        Span<byte> bytes = stackalloc byte[ValueText.MaxLength];
        ValueText.Of(value).ShouldBe(text);
        bytes[..ValueText.Write(value, bytes)].SequenceEqual(Batches.Utf8(text)).ShouldBeTrue();
        AttributeValue.From(value).Text.ShouldBe(text);
    }
}
