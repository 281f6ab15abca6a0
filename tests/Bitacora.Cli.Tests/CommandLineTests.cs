using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;

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
    [InlineData("'99999999999' is more than '--limit' can be; 2147483647 at most.", "search", "--limit", "99999999999")]
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
    [InlineData("'+25:00' is no offset to UTC.", "search", "--tz", "+25:00")]
    [InlineData("'ftp://h' is no address of a server.", "search", "--server", "ftp://h")]
    [InlineData("error at 3: unknown stage 'cuont', did you mean 'count'?", "search", "|", "cuont")]
    [InlineData("A tail has no end", "tail", "* | count")]
    [InlineData("'x' is no setting.", "config", "check", "--set", "x")]
    [InlineData("'xml' is no '--format'; there are csv, json, pretty.", "search", "--format", "xml")]
    [InlineData("'xml' is no '--format'; there are ", "ingest", "--format", "xml", "a.log")]
    [InlineData("'tcsh' is no SHELL; there are bash, fish, zsh.", "completion", "tcsh")]
    [InlineData("'bitacora completion' needs a word more: bash|zsh|fish.", "completion")]
    [InlineData("'bitacora alerts show' needs a word more: RULE.", "alerts", "show")]
    [InlineData("'--limit' needs a value: N.", "search", "a", "--limit")]
    [InlineData("'--can' needs a value: ingest|read|all.", "keys", "create", "--name", "a", "--can")]
    [InlineData("'bitacora alerts silence' needs --for DURATION.", "alerts", "silence", "errors", "--why", "x")]
    [InlineData("'bitacora keys create' needs --can ingest|read|all.", "keys", "create", "--name", "a")]
    [InlineData("'x' is one word too many.", "storage", "status", "x")]
    [InlineData("'b' is one word too many.", "alerts", "show", "a", "b")]
    [InlineData("--older-than", "storage", "retention")]
    [InlineData("'127.0.0.1:7799' has no http:// before it", "config", "check", "--listen", "127.0.0.1:7799")]
    public async Task Wrong_usage_ends_with_2_and_says_what_would_be_right(string said, params string[] arguments)
    {
        (await _screen.RunAsync(arguments)).ShouldBe(ExitCode.WrongUsage);
        _screen.Error.ToString().ShouldContain(said);
        if (arguments is not ["config", "check", "--listen", ..])
        {
            _screen.Out.ToString().ShouldBeEmpty();
        }
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
    public async Task Help_is_no_wider_than_the_terminal_where_it_is_a_text()
    {
        var narrow = new TestScreen(60, isTerminal: true);
        (await narrow.RunAsync("serve", "--help")).ShouldBe(ExitCode.Done);
        narrow.Out.ToString().ShouldContain("\nIt takes records in over HTTP, keeps them in the data\ndirectory");
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
    public async Task A_missing_file_of_the_key_is_named_with_its_option()
    {
        (await _screen.RunAsync("search", "--server", "http://127.0.0.1:9", "--api-key-file", "/nowhere/key")).ShouldBe(ExitCode.Failed);
        _screen.Error.ToString().ShouldStartWith("bitacora: The file of the API key cannot be read (--api-key-file");
        _screen.Error.ToString().ShouldContain("/nowhere/key");
    }

    [Fact]
    public async Task A_directory_without_data_is_a_failure_with_advice()
    {
        (await _screen.RunAsync("search", "--data", "/nowhere/at/all")).ShouldBe(ExitCode.Failed);
        _screen.Error.ToString().ShouldContain("There is no server, and nothing is stored in /nowhere/at/all.");
    }

    [Fact]
    public async Task An_address_that_this_machine_has_not_is_said_to_be_none()
    {
        var directory = Directory.CreateTempSubdirectory("bitacora-").FullName;
        (await _screen.RunAsync("serve", "--listen", "http://192.0.2.1:7799", "--insecure", "--data", directory))
            .ShouldBe(ExitCode.Failed);
        _screen.Error.ToString().ShouldStartWith("bitacora: http://192.0.2.1:7799 is no address of this machine.\n");
    }

    [Fact]
    public async Task A_file_is_no_data_directory()
    {
        var directory = Directory.CreateTempSubdirectory("bitacora-").FullName;
        var file = Path.Combine(directory, "file");
        await File.WriteAllTextAsync(file, "");
        (await _screen.RunAsync("serve", "--data", file)).ShouldBe(ExitCode.Failed);
        _screen.Error.ToString().ShouldContain($"{file} is a file; the data directory must be a directory.");
    }

    [Fact]
    public async Task A_file_that_the_shell_has_just_emptied_is_taken_for_none_and_what_is_printed_can_be_used()
    {
        var directory = Directory.CreateTempSubdirectory("bitacora-").FullName;
        var file = Path.Combine(directory, "bitacora.json");
        await File.WriteAllTextAsync(file, "");
        (await _screen.RunAsync("config", "check", "--config", file)).ShouldBe(ExitCode.Done);
        _screen.Error.ToString().ShouldContain($"there is nothing in {file}");
        var printed = _screen.Out.ToString();
        printed.ShouldContain("\"password\": \"\",");
        await File.WriteAllTextAsync(file, printed);
        var again = new TestScreen();
        (await again.RunAsync("config", "check", "--config", file)).ShouldBe(ExitCode.Done, again.Error.ToString());
        again.Error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void What_was_answered_stands_before_what_is_said_of_it()
    {
        using var shown = new MemoryStream();
        using var output = new StreamWriter(shown) { NewLine = "\n" };
        using var error = new StreamWriter(shown) { NewLine = "\n", AutoFlush = true };
        var screen = new Screen { Out = output, Error = error };
        screen.Out.WriteLine("an answer");
        screen.Say("and a summary");
        System.Text.Encoding.UTF8.GetString(shown.ToArray()).ShouldBe("an answer\nand a summary\n");
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
