using System.Text.Json;
using Bitacora.Alerting;
using Bitacora.Cli.Commands;
using Bitacora.Server;
using Bitacora.Storage.Embedded;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cli.Tests;

/// <summary>Alerts from the command line, against a server in this process that does not judge by itself.</summary>
public sealed class AlertsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-alerts");
    // An hour ago: no minute of the test has to be waited for, and no record is ahead of the server's clock.
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow - TimeSpan.FromHours(1));
    private RunningServer? _running;

    private RunningServer Server => _running!;

    private string Log => Path.Combine(_directory.FullName, "alerts.log");

    public async ValueTask InitializeAsync() => _running = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Check_is_quiet_then_fires_and_writes_what_the_original_wrote()
    {
        (await AlertsAsync("check", "--data", Server.Data, "--alert-log", Log)).ExitCode.ShouldBe(ExitCode.Done);
        await IngestErrorsAsync(11);
        var fired = await AlertsAsync("check", "--data", Server.Data, "--alert-log", Log);

        fired.ExitCode.ShouldBe(ExitCode.Fired, fired.Error);
        fired.Out.ShouldContain("[warning] FIRED: errors: 11 records (threshold > 10)");
        fired.Out.ShouldContain("failure 0");
        fired.Out.ShouldContain("failure 10");
        fired.Out.ShouldContain($"{Server.Address.AbsoluteUri}search?q=level%3AERROR&from=");
        (await File.ReadAllLinesAsync(Log)).ShouldHaveSingleItem().ShouldContain("FIRED: errors");

        // What was told is not told again.
        (await AlertsAsync("check", "--data", Server.Data, "--alert-log", Log)).ExitCode.ShouldBe(ExitCode.Done);
        var listed = Read(await AlertsAsync("list", "--data", Server.Data, "--format", "json"));
        listed.Select(row => $"{row.GetProperty("rule")} {row.GetProperty("state")}")
            .ShouldBe(["errors firing", "critical quiet", "logger-flood quiet"]);
        Read(await AlertsAsync("history", "--data", Server.Data, "--format", "json")).ShouldHaveSingleItem()
            .GetProperty("kind").GetString().ShouldBe("fired");
    }

    [Fact]
    public async Task Check_asks_a_server_and_remembers_here()
    {
        string[] check = ["check", "--server", Server.Address.AbsoluteUri, "--state", Path.Combine(_directory.FullName, "state")];
        (await AlertsAsync(check)).ExitCode.ShouldBe(ExitCode.Done);
        await IngestErrorsAsync(11);
        (await AlertsAsync(check)).ExitCode.ShouldBe(ExitCode.Fired);
        (await AlertsAsync(check)).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Check_does_not_judge_beside_a_server_that_tells_channels_unless_it_is_told_to()
    {
        var options = new ServerOptions
        {
            Data = Path.Combine(_directory.FullName, "telling"),
            Listen = ["http://127.0.0.1:0"],
            Alerts = AlertSettings.Default with { Channels = [new FileSettings("log", Log)] },
        };
        await using var telling = await BitacoraServer.StartAsync(options, logging => logging.ClearProviders(), default);
        string[] check = ["check", "--server", telling.Address.AbsoluteUri, "--state", Path.Combine(_directory.FullName, "state")];
        var refused = await AlertsAsync(check);
        refused.ExitCode.ShouldBe(ExitCode.Failed);
        refused.Error.ShouldContain("judges 3 rules itself and tells 1 channel.");
        refused.Error.ShouldContain("--beside");
        (await AlertsAsync([.. check, "--beside"])).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Check_that_cannot_deliver_says_so_without_the_secret_and_fails()
    {
        const string Webhook = "http://127.0.0.1:1/services/T0/B0/secret";
        await AlertsAsync("check", "--data", Server.Data);
        await IngestErrorsAsync(11);
        var failed = await AlertsAsync("check", "--data", Server.Data, "--slack-webhook", Webhook);

        failed.ExitCode.ShouldBe(ExitCode.Failed);
        failed.Error.ShouldContain("channel --slack-webhook: attempt 1 failed: 127.0.0.1 cannot be reached");
        (failed.Error + failed.Out).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_rule_is_silenced_with_a_reason_and_unsilenced()
    {
        (await AlertsAsync("silence", "errors", "--for", "2h", "--why", "deploy", "--by", "ana", "--data", Server.Data)).ExitCode
            .ShouldBe(ExitCode.Done);
        (await AlertsAsync("list", "--data", Server.Data)).Out.ShouldContain("ana: deploy");
        await AlertsAsync("check", "--data", Server.Data);
        await IngestErrorsAsync(11);
        (await AlertsAsync("check", "--data", Server.Data)).ExitCode.ShouldBe(ExitCode.Done);
        (await AlertsAsync("history", "--data", Server.Data)).Out.ShouldContain("silenced");
        (await AlertsAsync("unsilence", "errors", "--data", Server.Data)).ExitCode.ShouldBe(ExitCode.Done);
        (await AlertsAsync("unsilence", "errors", "--data", Server.Data)).ExitCode.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public async Task A_configuration_that_is_named_says_where_the_state_is_too()
    {
        var config = Path.Combine(_directory.FullName, "conf.json");
        await File.WriteAllTextAsync(config, $$"""{ "data": {{JsonSerializer.Serialize(Server.Data)}} }""");
        (await AlertsAsync("silence", "errors", "--for", "2h", "--why", "deploy", "--config", config)).ExitCode.ShouldBe(ExitCode.Done);
        (await AlertsAsync("list", "--data", Server.Data)).Out.ShouldContain(": deploy");
        (await AlertsAsync("list", "--config", config)).Out.ShouldContain(": deploy");
        (await AlertsAsync("show", "errors", "--config", config)).Out.ShouldContain(": deploy");
        (await AlertsAsync("check", "--config", config)).ExitCode.ShouldBe(ExitCode.Done);
        await IngestErrorsAsync(11);
        (await AlertsAsync("check", "--config", config)).ExitCode.ShouldBe(ExitCode.Done);
        (await AlertsAsync("history", "--config", config)).Out.ShouldContain("silenced");
        (await AlertsAsync("unsilence", "errors", "--config", config)).ExitCode.ShouldBe(ExitCode.Done);
        (await AlertsAsync("list", "--data", Server.Data)).Out.ShouldNotContain("deploy");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("history")]
    [InlineData("show", "errors")]
    [InlineData("silence", "errors", "--for", "2h", "--why", "deploy")]
    [InlineData("unsilence", "errors")]
    public async Task A_directory_that_is_misspelt_is_refused_and_not_made(params string[] arguments)
    {
        var typo = Path.Combine(_directory.FullName, "typo");
        var refused = await AlertsAsync([.. arguments, "--data", typo]);
        refused.ExitCode.ShouldBe(ExitCode.Failed);
        refused.Error.ShouldContain($"No server has begun in {typo}");
        refused.Error.ShouldNotContain("key");
        Directory.Exists(typo).ShouldBeFalse();

        // One that is there for something else neither.
        var other = Directory.CreateDirectory(Path.Combine(_directory.FullName, "other")).FullName;
        (await AlertsAsync([.. arguments, "--data", other])).ExitCode.ShouldBe(ExitCode.Failed);
        Directory.EnumerateFileSystemEntries(other).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("alerts", "list")]
    [InlineData("alerts", "unsilence", "errors")]
    [InlineData("keys", "list")]
    [InlineData("keys", "create", "--name", "shop", "--can", "read")]
    public async Task The_environments_server_is_not_taken_for_the_place_where_state_is(params string[] arguments)
    {
        var screen = new TestScreen(clock: _clock);
        screen.Variables["BITACORA_SERVER"] = Server.Address.AbsoluteUri;
        (await screen.RunAsync(arguments)).ShouldBe(ExitCode.WrongUsage);
        screen.Error.ToString().ShouldContain($"BITACORA_SERVER names {Server.Address.AbsoluteUri}");

        // A flag is stronger.
        await screen.RunAsync([.. arguments, "--data", Path.Combine(_directory.FullName, "named")]);
        screen.Error.ToString().ShouldContain(Path.Combine(_directory.FullName, "named"));
    }

    [Fact]
    public async Task Backtest_says_how_often_a_rule_would_have_fired_and_tells_nobody()
    {
        await IngestErrorsAsync(11);
        _clock.Advance(TimeSpan.FromMinutes(8));
        await IngestErrorsAsync(12);
        _clock.Advance(TimeSpan.FromMinutes(8));
        var tested = await AlertsAsync("backtest", "errors", "--last", "30m", "--data", Server.Data, "--format", "json");

        tested.ExitCode.ShouldBe(ExitCode.Done, tested.Error);
        Read(tested).Select(row => $"{row.GetProperty("kind")} {row.GetProperty("count")}")
            .ShouldBe(["fired 11", "resolved 0", "fired 12", "resolved 0"]);
        tested.Error.ShouldContain("'errors' would have fired 2 times in 30 minutes.");
        (await AlertsAsync("backtest", "errors", "--last", "30m", "--data", Server.Data)).Out.ShouldContain("█");
        (await AlertsAsync("history", "--data", Server.Data)).Error.ShouldContain("Nothing has fired yet");
    }

    [Fact]
    public async Task Show_says_all_about_a_rule()
    {
        await AlertsAsync("check", "--data", Server.Data);
        await IngestErrorsAsync(11);
        await AlertsAsync("check", "--data", Server.Data);
        var shown = await AlertsAsync("show", "errors", "--data", Server.Data);

        shown.ExitCode.ShouldBe(ExitCode.Done, shown.Error);
        shown.Out.ShouldContain("> 10 in 5 min");
        shown.Out.ShouldContain("fires         since ");
        shown.Out.ShouldContain("nobody: there is no channel");

        var row = Read(await AlertsAsync("show", "errors", "--data", Server.Data, "--format", "json")).ShouldHaveSingleItem();
        (row.GetProperty("state").GetString(), row.GetProperty("firing").GetInt32()).ShouldBe(("firing", 1));
        row.GetProperty("alert_ids").GetString()!.Length.ShouldBe(16);
        (await AlertsAsync("show", "errors", "--data", Server.Data, "--format", "csv")).Out.ShouldStartWith("rule,query,condition,");
    }

    [Fact]
    public async Task A_rule_whose_state_cannot_be_read_is_shown_so_and_the_others_are_judged()
    {
        await AlertsAsync("check", "--data", Server.Data);
        using (var states = SqliteStateStore.Open(Server.Data, TimeProvider.System))
        {
            (await states.TryPutAsync("alerts/rules/errors", "{"u8.ToArray(), 1, CancellationToken.None)).ShouldBeTrue();
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        var check = await AlertsAsync("check", "--data", Server.Data);
        check.ExitCode.ShouldBe(ExitCode.Failed);
        check.Error.ShouldContain("rule errors: what is remembered as alerts/rules/errors cannot be read");
        Read(await AlertsAsync("list", "--data", Server.Data, "--format", "json")).Select(row => row.GetProperty("state").GetString())
            .ShouldBe(["unreadable", "quiet", "quiet"]);
        (await AlertsAsync("show", "errors", "--data", Server.Data)).Out
            .ShouldContain("problem       what is remembered as alerts/rules/errors cannot be read");
    }

    [Theory]
    [InlineData("show", "none")]
    [InlineData("backtest", "none", "--last", "1h")]
    [InlineData("silence", "none", "--for", "2h", "--why", "x")]
    [InlineData("silence", "errors", "--for", "2x", "--why", "x")]
    [InlineData("silence", "errors", "--for", "2h", "--why", " ")]
    [InlineData("silence", "errors", "--for", "2h")]
    [InlineData("test", "errors", "--channel", "none")]
    [InlineData("check", "--state", "x")]
    public async Task What_makes_no_sense_is_wrong_usage(params string[] arguments) =>
        (await AlertsAsync([.. arguments, .. arguments[0] == "test" ? Array.Empty<string>() : ["--data", Server.Data]])).ExitCode
            .ShouldBe(ExitCode.WrongUsage);

    [Fact]
    public async Task Validate_names_every_fault_with_its_line_and_a_test_message_says_that_it_is_one()
    {
        var file = Path.Combine(_directory.FullName, "bitacora.json");
        await File.WriteAllTextAsync(file, "{ \"alerts\": {\n \"rules\": { \"a\": { \"query\": \"x\",\n \"condition\": \"many\" } } } }");
        var faulty = await AlertsAsync("validate", "--config", file);
        faulty.ExitCode.ShouldBe(ExitCode.WrongUsage);
        faulty.Error.ShouldContain("line 3");
        var counted = await AlertsAsync("validate", "--config", file, "--format", "json");
        counted.ExitCode.ShouldBe(ExitCode.WrongUsage);
        Read(counted).ShouldHaveSingleItem().GetProperty("key").GetString().ShouldBe("alerts:rules:a:condition");

        await File.WriteAllTextAsync(
            file, $$"""{ "alerts": { "channels": { "log": { "type": "file", "path": {{JsonSerializer.Serialize(Log)}} } } } }""");
        var valid = await AlertsAsync("validate", "--config", file);
        (valid.ExitCode, valid.Error.Trim()).ShouldBe((ExitCode.Done, "3 rules and 1 channel, nothing is at fault."));
        (await AlertsAsync("test", "errors", "--channel", "log", "--config", file)).ExitCode.ShouldBe(ExitCode.Done);
        (await File.ReadAllLinesAsync(Log)).ShouldHaveSingleItem().ShouldContain("TEST: errors");
        (await File.ReadAllTextAsync(Log)).ShouldContain("; http://127.0.0.1:7600/search?q=");
    }

    private async Task<CommandOutcome> AlertsAsync(params string[] arguments)
    {
        var screen = new TestScreen(clock: _clock);
        var exitCode = await CommandLine.RunAsync(screen.Screen, ["alerts", .. arguments], CancellationToken.None);
        return new CommandOutcome(exitCode, screen.Out.ToString(), screen.Error.ToString());
    }

    // Two minutes later their window has been closed for long enough.
    private async Task IngestErrorsAsync(int count)
    {
        var lines = Enumerable.Range(0, count).Select(i =>
            $$"""{"time":"{{_clock.GetUtcNow() + TimeSpan.FromMilliseconds(i):O}}","level":"ERROR","message":"failure {{i}}"}""");
        var file = Server.Write("errors.ndjson", string.Join('\n', lines) + "\n");
        (await Server.RunAsync("ingest", file)).ExitCode.ShouldBe(ExitCode.Done);
        _clock.Advance(TimeSpan.FromMinutes(2));
    }

    private static JsonElement[] Read(CommandOutcome outcome) =>
        [.. outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
