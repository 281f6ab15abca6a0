using System.Text.Json;
using Bitacora.Alerting;
using Bitacora.Cli.Commands;
using Bitacora.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cli.Tests;

/// <summary><c>bitacora doctor</c> against a server in this process that does not judge by itself.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    // A clock that stands still is soon one that is wrong: only who moves it uses one.
    private TimeProvider _clock = TimeProvider.System;
    private RunningServer? _running;

    private RunningServer Server => _running!;

    public async ValueTask InitializeAsync() => _running = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Where_all_is_well_it_says_so_and_ends_with_0()
    {
        await StoreAsync();
        var config = Channels($$"""{ "log": { "type": "file", "path": {{JsonSerializer.Serialize(Server.Write("alerts.log", ""))}} } }""");
        (await RunAsync("alerts", "check", "--data", Server.Data)).ExitCode.ShouldBe(ExitCode.Done);
        var found = await RunAsync("doctor", "--data", Server.Data, "--config", config);

        found.ExitCode.ShouldBe(ExitCode.Done, found.Out + found.Error);
        found.Out.ShouldNotContain("[FAIL]");
        found.Out.ShouldNotContain("[WARN]");
        found.Out.ShouldMatch(@"\[OK\]   server +http://127\.0\.0\.1:\d+ answers; version ");
        found.Out.ShouldMatch(@"\[OK\]   storage +1 record, the newest of ");
        found.Out.ShouldMatch(@"\[OK\]   alert evaluation +3 rules, judged until .*, 0 firing");
        found.Out.ShouldMatch(@"\[OK\]   alert channel log +.* can be written");
        found.Out.ShouldMatch(@"\[OK\]   alert outbox +empty");
        found.Error.ShouldBe("0 problems, 0 warnings.\n");
    }

    [Fact]
    public async Task Why_alerts_do_not_arrive_is_found_without_telling_anybody_and_without_the_secret()
    {
        const string Secret = "T0/B0/secret";
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        _clock = clock;
        var url = Server.Write("url", $"http://127.0.0.1:1/services/{Secret}");
        var config = Channels($$"""{ "team": { "type": "slack", "url_file": {{JsonSerializer.Serialize(url)}} } }""");
        await StoreAsync(count: 11, level: "ERROR");
        clock.Advance(TimeSpan.FromMinutes(2));
        (await RunAsync("alerts", "check", "--data", Server.Data, "--config", config)).ExitCode.ShouldBe(ExitCode.Failed);
        (await RunAsync("alerts", "silence", "critical", "--for", "2h", "--why", "deploy", "--by", "ana", "--data", Server.Data)).ExitCode
            .ShouldBe(ExitCode.Done);
        clock.Advance(TimeSpan.FromMinutes(10));
        var found = await RunAsync("doctor", "--data", Server.Data, "--config", config);

        found.ExitCode.ShouldBe(ExitCode.Failed);
        found.Out.ShouldMatch(@"\[FAIL\] alert evaluation +3 rules, judged until .*, 1 firing: \d+ min.* behind");
        found.Out.ShouldMatch(@"\[FAIL\] alert channel team +127\.0\.0\.1 cannot be reached");
        found.Out.ShouldMatch(@"\[FAIL\] alert outbox +1 message waits to be delivered");
        found.Out.ShouldMatch(@"\[WARN\] alerts +critical is silenced until .* by ana: deploy");
        (found.Out + found.Error).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Without_a_channel_and_without_a_judge_it_warns()
    {
        var data = Path.Combine(Server.Directory, "own");
        (await RunAsync("ingest", Server.Write("none.log", ""), "--data", data)).ExitCode.ShouldBe(ExitCode.Done);
        var found = await RunAsync("doctor", "--data", data, "--format", "json");

        found.ExitCode.ShouldBe(ExitCode.Done, found.Out);
        Of(found, "storage").ShouldBe("warn nothing is stored yet");
        Of(found, "alert evaluation").ShouldBe("warn not every rule was ever judged");
        Of(found, "alert channels").ShouldStartWith("warn there is none");
    }

    [Fact]
    public async Task A_server_far_away_is_asked_for_its_own_word_on_alerts()
    {
        await StoreAsync();
        var found = await RunAsync("doctor", "--server", Server.Address.AbsoluteUri, "--format", "json");

        found.ExitCode.ShouldBe(ExitCode.Done, found.Out);
        Of(found, "storage").ShouldStartWith("ok 1 record");
        Of(found, "alerts").ShouldBe("warn not judged yet");
        found.Out.ShouldNotContain("configuration");
    }

    [Fact]
    public async Task A_server_that_has_rules_and_began_just_now_has_not_judged_yet()
    {
        var options = new ServerOptions
        {
            Data = Path.Combine(Server.Directory, "young"),
            Listen = ["http://127.0.0.1:0"],
            Alerts = AlertSettings.Default,
        };
        await using var young = await BitacoraServer.StartAsync(options, logging => logging.ClearProviders(), default);
        var found = await RunAsync("doctor", "--server", young.Address.AbsoluteUri, "--format", "json");

        found.ExitCode.ShouldBe(ExitCode.Done, found.Out + found.Error);
        found.Out.ShouldContain("alert");
    }

    [Fact]
    public async Task A_server_that_runs_here_is_asked_too_for_a_file_that_lies_here_may_be_anothers()
    {
        (await RunAsync("alerts", "silence", "errors", "--for", "2h", "--why", "deploy", "--by", "ana", "--data", Server.Data)).ExitCode
            .ShouldBe(ExitCode.Done);
        var found = await RunAsync("doctor", "--data", Server.Data, "--format", "json");

        found.ExitCode.ShouldBe(ExitCode.Done, found.Out);
        Of(found, "alerts").ShouldBe("warn not judged yet");
        found.Out.ShouldNotContain("alert evaluation");
        found.Out.ShouldNotContain("alert channel");
        found.Out.ShouldContain("errors is silenced until");
        found.Out.ShouldContain("bitacora alerts unsilence errors\"");
    }

    [Fact]
    public async Task What_cannot_be_looked_at_keeps_nothing_else_from_being_looked_at()
    {
        var config = Server.Write("faulty.json", """{ "listen": "nowhere" }""");
        var found = await RunAsync(
            "doctor", "--data", Path.Combine(Server.Directory, "absent"), "--config", config, "--format", "csv");

        found.ExitCode.ShouldBe(ExitCode.Failed);
        found.Out.ShouldStartWith("subject,state,text,advice\r\n");
        found.Out.ShouldContain("configuration,fail,");
        found.Out.ShouldContain("server,fail,");

        var away = await RunAsync("doctor", "--server", "http://127.0.0.1:1");
        away.ExitCode.ShouldBe(ExitCode.Failed);
        away.Out.ShouldContain("Start a server with `bitacora serve`");
    }

    private static string Of(CommandOutcome outcome, string subject)
    {
        var finding = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .First(row => row.GetProperty("subject").GetString() == subject);
        return $"{finding.GetProperty("state")} {finding.GetProperty("text")}";
    }

    private string Channels(string channels) => Server.Write("bitacora.json", $$"""{ "alerts": { "channels": {{channels}} } }""");

    private async Task StoreAsync(int count = 1, string level = "INFO")
    {
        var lines = Enumerable.Range(0, count)
            .Select(i => JsonSerializer.Serialize(new { time = _clock.GetUtcNow(), level, message = $"m {i}" }));
        (await Server.RunAsync(string.Join('\n', lines), ["ingest", "-"])).ExitCode.ShouldBe(ExitCode.Done);
    }

    private async Task<CommandOutcome> RunAsync(params string[] arguments)
    {
        var screen = new TestScreen(clock: _clock);
        var exitCode = await CommandLine.RunAsync(screen.Screen, arguments, CancellationToken.None);
        return new CommandOutcome(exitCode, screen.Out.ToString(), screen.Error.ToString());
    }
}
