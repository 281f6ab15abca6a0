using System.CommandLine;
using Bitacora.Cli.Commands;

namespace Bitacora.Cli.Tests;

public sealed class CommandLineTests
{
    private readonly TestScreen _screen = new();

    [Theory]
    [InlineData("@l:Error", "@l:Error")]
    [InlineData("-x:y", "-x:y")]
    [InlineData("-level:ERROR connection", "-level:ERROR", "connection")]
    [InlineData("[a]", "[a]")]
    [InlineData("- lone", "-", "lone")]
    [InlineData("--last 5", "--", "--last", "5")]
    [InlineData("level>=ERROR a|count", "level>=ERROR", "a|count")]
    [InlineData("status:500", "--limit", "3", "status:500")]
    [InlineData("", "--all")]
    public void A_query_is_every_word_that_is_no_option(string query, params string[] words)
    {
        var root = BitacoraCommand.Create(_screen.Screen);
        var parsed = CommandLine.Parse(root, ["search", .. words]);
        UsageProblems.Of(parsed).ShouldBeEmpty();
        string.Join(' ', parsed.GetValue<string[]>("QUERY") ?? []).ShouldBe(query);
    }

    [Theory]
    [InlineData("unknown command 'serch', did you mean 'search'?", "serch")]
    [InlineData("unknown command 'frobnicate'; there are", "frobnicate")]
    [InlineData("unknown option '--lmit', did you mean '--limit'?", "search", "--lmit", "5")]
    [InlineData("unknown option '--lsat', did you mean '--last'?", "search", "--lsat=5m")]
    [InlineData("unknown option '--verbose'; behind a lone --", "search", "--verbose")]
    [InlineData("'bitacora' needs a command: serve, ingest, search")]
    [InlineData("'x' is no whole number, as '--limit' needs one.", "search", "--limit", "x")]
    [InlineData("--kills must be at least 1.", "bench", "crash", "--kills", "0")]
    [InlineData("--seconds must be at least 1.", "bench", "ingest", "--seconds", "0")]
    [InlineData("--batch may be 10,000 at most.", "bench", "ingest", "--batch", "10001")]
    [InlineData("--fill must be at least 1.", "bench", "search", "--fill", "0")]
    [InlineData("--text must not be empty.", "bench", "search", "--text", "")]
    [InlineData("'bitacora storage' needs a command: status, verify, retention.", "storage")]
    [InlineData("--limit must be at least 1.", "search", "--limit", "0")]
    [InlineData("--all and --limit exclude each other.", "search", "--limit", "5", "--all")]
    [InlineData("--server, --data and --contact-points exclude each other.", "search", "--server", "http://h", "--data", "d")]
    [InlineData("--last ends now", "search", "--last", "5m", "--from", "today")]
    [InlineData("The time zone 'Europe/Madird' is not known.", "search", "--tz", "Europe/Madird")]
    [InlineData("'ftp://h' is no address of a server.", "search", "--server", "ftp://h")]
    [InlineData("error at 3: unknown stage 'cuont', did you mean 'count'?", "search", "|", "cuont")]
    [InlineData("A tail has no end", "tail", "* | count")]
    [InlineData("'x' is no setting.", "config", "check", "--set", "x")]
    [InlineData("--older-than", "storage", "retention")]
    public async Task Wrong_usage_ends_with_2_and_says_what_would_be_right(string said, params string[] arguments)
    {
        (await _screen.RunAsync(arguments)).ShouldBe(ExitCode.WrongUsage);
        _screen.Error.ToString().ShouldContain(said);
        _screen.Out.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_command_has_help_with_examples()
    {
        foreach (var path in Paths(BitacoraCommand.Create(_screen.Screen), []))
        {
            var screen = new TestScreen();
            (await screen.RunAsync([.. path, "--help"])).ShouldBe(ExitCode.Done, string.Join(' ', path));
            screen.Out.ToString().ShouldContain("Examples:\n  ");
            screen.Out.ToString().ShouldContain($"bitacora {string.Join(' ', path)}");
        }
    }

    [Fact]
    public async Task The_version_is_told()
    {
        (await _screen.RunAsync("--version")).ShouldBe(ExitCode.Done);
        _screen.Out.ToString().ShouldMatch(@"^\d+\.\d+\.\d+");
    }

    [Fact]
    public async Task Help_comes_also_where_the_rest_of_the_line_is_wrong() =>
        (await _screen.RunAsync("search", "--limit", "x", "--help")).ShouldBe(ExitCode.Done);

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure_with_advice()
    {
        (await _screen.RunAsync("search", "--server", "http://127.0.0.1:9")).ShouldBe(ExitCode.Failed);
        _screen.Error.ToString().ShouldContain("Nobody answers at http://127.0.0.1:9/");
        _screen.Error.ToString().ShouldContain("bitacora serve");
    }

    [Fact]
    public async Task A_directory_without_data_is_a_failure_with_advice()
    {
        (await _screen.RunAsync("search", "--data", "/nowhere/at/all")).ShouldBe(ExitCode.Failed);
        _screen.Error.ToString().ShouldContain("There is no server, and nothing is stored in /nowhere/at/all.");
    }

    [Fact]
    public async Task The_environment_names_the_target_and_flags_are_stronger()
    {
        _screen.Variables["BITACORA_SERVER"] = "http://127.0.0.1:9";
        await _screen.RunAsync("search");
        _screen.Error.ToString().ShouldContain("127.0.0.1:9");
        var other = new TestScreen();
        other.Variables["BITACORA_SERVER"] = "http://127.0.0.1:9";
        await other.RunAsync("search", "--data", "/nowhere");
        other.Error.ToString().ShouldContain("/nowhere");
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path)
    {
        foreach (var sub in command.Subcommands.Where(sub => !sub.Hidden))
        {
            string[] own = [.. path, sub.Name];
            foreach (var below in sub is CliCommand ? [own] : Paths(sub, own))
            {
                yield return below;
            }
        }
    }
}
