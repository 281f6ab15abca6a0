using Bitacora.Cli.Commands;

namespace Bitacora.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("schema search senders serve storage", "s")]
    [InlineData("status verify retention", "storage", "")]
    [InlineData("setup verify plan", "schema", "")]
    [InlineData("compat scale", "schema", "setup", "--profile", "")]
    [InlineData("--last --limit --local-dc", "search", "--l")]
    [InlineData("--limit --local-dc", "search", "--last", "5m", "--l")]
    [InlineData("pretty json csv", "search", "--format", "")]
    [InlineData("json", "search", "level:ERROR", "--format", "j")]
    [InlineData("level:ERROR level>=WARNING", "search", "le")]
    [InlineData("--format=json", "search", "--format=j")]
    [InlineData("--last=24h", "search", "a", "--last=2")]
    [InlineData("", "search", "--frmat=j")]
    [InlineData("", "search", "--all=j")]
    [InlineData("embedded cassandra", "serve", "--store", "")]
    [InlineData("disk cluster", "config", "check", "--acknowledge", "")]
    [InlineData("-15m -1h today", "tail", "--from", "")]
    [InlineData("bash zsh fish", "completion", "")]
    [InlineData("", "search", "--", "--l")]
    [InlineData("", "nothing", "")]
    public void The_last_word_is_completed(string candidates, params string[] words) =>
        string.Join(' ', CompleteCommand.CandidatesFor(BitacoraCommand.Create(new TestScreen().Screen), words)
            .Select(pair => pair.Candidate).Order(StringComparer.Ordinal))
            .ShouldBe(string.Join(' ', candidates.Split(' ').Order(StringComparer.Ordinal)));

    [Fact]
    public async Task The_hidden_command_takes_options_as_words()
    {
        var screen = new TestScreen();
        (await screen.RunAsync("complete", "--", "search", "--for")).ShouldBe(ExitCode.Done);
        screen.Out.ToString().ShouldStartWith("--format\t");
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Each_shell_gets_a_script_that_asks_the_program(string shell)
    {
        var screen = new TestScreen();
        (await screen.RunAsync("completion", shell)).ShouldBe(ExitCode.Done);
        screen.Out.ToString().ShouldContain("complete -- ");
    }
}
