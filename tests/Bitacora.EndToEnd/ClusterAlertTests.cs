using System.Text.Json;
using Bitacora.Cql;
using Bitacora.EndToEnd.Processes;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Http;

namespace Bitacora.EndToEnd;

/// <summary>Alerts on a real Cassandra: the check that cron runs, and two servers of which one dies.</summary>
public sealed class ClusterAlertTests(CassandraNode node, ITestOutputHelper output) : IClassFixture<CassandraNode>
{
    private readonly string _keyspace = $"alerts_{Guid.NewGuid():n}"[..20];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_takes_the_originals_options_and_shows_no_secret()
    {
        using var directory = new TemporaryDirectory();
        await using var receiver = new PlayedReceiver();
        var cluster = await SetUpAsync();
        await using (var session = await ConnectAsync())
        {
            await JudgedBefore.AsOfAsync(
                new CassandraStateStore(session, _keyspace, TimeProvider.System), "{}", DateTimeOffset.UtcNow.AddMinutes(-30));
        }

        string[] check =
            ["alerts", "check", .. cluster, "--slack-webhook", receiver.Url, "--alert-log", directory["alerts.log"]];
        // So shortly ago that it fires still: nothing resolves meanwhile.
        var time = DateTimeOffset.UtcNow.AddMinutes(-2);
        var file = directory["errors.ndjson"];
        await File.WriteAllLinesAsync(
            file, Enumerable.Range(0, 11).Select(i => $$"""{"time":"{{time:O}}","level":"ERROR","message":"refused {{i}}"}"""), Cancel);
        var ingested = await RunAsync(directory, ["ingest", file, "--no-wait", .. cluster]);
        ingested.Code.ShouldBe(0, ingested.Talk);

        var fired = await RunAsync(directory, check);
        fired.Code.ShouldBe(4, fired.Talk);
        fired.Lines.ShouldContain(
            line => line.StartsWith("[warning] FIRED: errors: 11 records (threshold > 10)", StringComparison.Ordinal));
        receiver.Taken.ShouldHaveSingleItem().ShouldContain("refused 10");
        var log = await File.ReadAllTextAsync(directory["alerts.log"], Cancel);
        log.ShouldContain("FIRED: errors");
        (fired.Talk + string.Join('\n', fired.Lines) + log).ShouldNotContain("secret");
        (await RunAsync(directory, check)).Code.ShouldBe(0);

        // The same by the configuration alone: it knows what was told.
        var config = directory["bitacora.json"];
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            store = "cassandra",
            cassandra = new { contact_points = await node.ContactPointsAsync(), keyspace = _keyspace },
        }), Cancel);
        var configured = await RunAsync(directory, ["alerts", "check", "--config", config]);
        configured.Code.ShouldBe(0, configured.Talk);
        (await RunAsync(directory, ["doctor", "--config", config, "--format", "json"])).Lines
            .ShouldContain(line => line.Contains("11 records", StringComparison.Ordinal));
    }

    [Fact(Explicit = true)]
    public async Task Of_two_servers_the_one_that_judges_is_killed_and_no_alert_is_lost()
    {
        const int Kills = 3;
        var seed = TestSeed.Random();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        await using var receiver = new PlayedReceiver();
        var config = directory["bitacora.json"];
        await File.WriteAllTextAsync(
            config,
            $$"""
            { "alerts": { "defaults": false, "channels": { "ops": { "type": "webhook", "url": "{{receiver.Url}}" } }, "rules": {
              "each": { "query": "level:ERROR", "by": ["logger"], "window": "1m", "condition": "> 2", "repeat": "30d" } } } }
            """,
            Cancel);
        string[] arguments = [.. await SetUpAsync(), "--config", config];
        await using var session = await ConnectAsync();
        await using var pair = new ServerPair(directory, arguments);
        await pair.StartAsync();
        await pair.UntilLeaderAsync(session, _keyspace, _ => true);
        var kills = new List<(int Before, int After)>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await RandomMoment.WaitAsync(random, TimeSpan.FromSeconds(70));
            var leader = await pair.UntilLeaderAsync(session, _keyspace, _ => true);
            var before = receiver.Taken.Count;
            await pair.KillAsync(leader);
            kills.Add((before, receiver.Requests.Count));
            await pair.UntilLeaderAsync(session, _keyspace, next => next != leader);
            await pair.RestartAsync(leader);
        }

        var sent = await pair.StopSendingAsync();
        await receiver.UntilAsync(() => sent.IsSubsetOf(Fired(receiver).Select(one => one.Logger)), TimeSpan.FromMinutes(6));

        var told = Fired(receiver);
        told.Select(one => one.Logger).ToHashSet().ShouldBe(sent, ignoreOrder: true);
        var twice = told.GroupBy(one => one.Logger).Where(group => group.Count() > 1).ToList();
        foreach (var group in twice)
        {
            // Only what was on its way when its sender died.
            group.Select(one => one.Id).Distinct().Count().ShouldBe(1, group.Key);
            var (first, second) = (group.First().Place, group.Last().Place);
            kills.ShouldContain(kill => first <= kill.After && second >= kill.Before, group.Key);
        }

        output.WriteLine($"{Kills} kills, {sent.Count} alerts, {told.Count} told, {twice.Count} of them twice, 0 lost");
    }

    private static List<(int Place, string Id, string Logger)> Fired(PlayedReceiver receiver)
    {
        var fired = new List<(int Place, string Id, string Logger)>();
        foreach (var (place, body) in receiver.Taken.Index())
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.GetProperty("kind").GetString() is "fired" or "late")
            {
                fired.AddRange(json.RootElement.GetProperty("groups").EnumerateArray().Select(group => (
                    place, group.GetProperty("alert_id").GetString()!, group.GetProperty("by").GetProperty("logger").GetString()!)));
            }
        }

        return fired;
    }

    private async Task<string[]> SetUpAsync()
    {
        string[] cluster = ["--contact-points", await node.ContactPointsAsync(), "--keyspace", _keyspace];
        await using var setup = RunningProcess.Start(["schema", "setup", .. cluster, "--profile", "scale"]);
        (await setup.WaitAsync()).ShouldBe(0, setup.Talk);
        return cluster;
    }

    private async Task<CqlSession> ConnectAsync() => await CqlSession.ConnectAsync(
        new CqlOptions { ContactPoints = (await node.ContactPointsAsync()).Split(',') }, Cancel);

    private static async Task<(int Code, IReadOnlyList<string> Lines, string Talk)> RunAsync(
        TemporaryDirectory directory, string[] arguments)
    {
        Dictionary<string, string> environment = new() { ["HOME"] = directory.Path, ["XDG_DATA_HOME"] = directory.Path };
        await using var process = RunningProcess.Start(arguments, environment);
        var code = await process.WaitAsync();
        return (code, [.. process.Output], process.Talk);
    }
}
