using System.Text.Json.Nodes;
using Bitacora.Cli.Demo;
using Bitacora.Client;

namespace Bitacora.Cli.Tests.Demo;

public sealed class DemoSearchTests
{
    [Fact]
    public async Task The_searches_answer_what_the_pages_say()
    {
        await using var server = await RunningServer.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var shop = new Shop(7, now.AddDays(-7), now);
        using (var client = new BitacoraClient(server.Address))
        {
            var feed = new DemoFeed(shop, client, TimeProvider.System, seed: 7);
            (await feed.FillAsync(now.AddDays(-7), now, rate: 0.4, TestContext.Current.CancellationToken)).ShouldBeGreaterThan(150_000);
        }

        var groups = await AskAsync(server, DemoSearches.All[0].Query);
        groups.Select(group => (string)group["source"]!).Order().ShouldBe(["nginx", "payments", "postgresql", "tienda"]);
        groups.ShouldAllBe(group => ((DateTimeOffset)group["time"]!).AddHours(1) > shop.Incident.Begin
            && (DateTimeOffset)group["time"]! < shop.Incident.RolledBack);

        var versions = await AskAsync(server, DemoSearches.All[1].Query);
        versions.Select(row => (string)row["attributes"]!["Version"]!).ShouldBe(["2.4.0", "2.4.1"]);
        ((DateTimeOffset)versions[1]["time"]!).ShouldBe(shop.Incident.Deployed);

        var request = await AskAsync(server, DemoSearches.All[2].Query);
        request.Select(row => (string)row["source"]!).ShouldBe(["nginx", "tienda", "payments", "payments", "tienda"]);
        ((string)request[2]["traceback"]!).ShouldContain("The connection pool has been exhausted");
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.es.md")]
    public void The_pages_show_the_searches_that_the_demo_proposes(string page)
    {
        var text = File.ReadAllText(Find(page));
        foreach (var (_, query) in DemoSearches.All)
        {
            text.ShouldContain($"./bitacora search '{query}' --last 7d");
        }
    }

    [Fact]
    public async Task The_command_says_what_to_try_and_leaves_nothing_behind()
    {
        var lines = new LineWatcher();
        var screen = new TestScreen(clock: TimeProvider.System).Screen;
        using var stop = new CancellationTokenSource();
        var command = Commands.CommandLine.RunAsync(
            new Showing.Screen { Out = TextWriter.Null, Error = lines, Clock = screen.Clock },
            ["demo", "--listen", "http://127.0.0.1:0", "--rate", "0"],
            stop.Token);
        var said = new List<string>();
        while (said.Count == 0 || !said[^1].StartsWith("Ctrl-C", StringComparison.Ordinal))
        {
            said.Add(await lines.NextAsync());
        }

        var page = new Uri(said.Single(line => line.StartsWith("  page", StringComparison.Ordinal)).Split(' ')[^1]);
        using (var client = new BitacoraClient(page))
        {
            var stats = await client.GetJsonAsync("api/stats", TestContext.Current.CancellationToken);
            stats.ToString().ShouldContain("bitacora-demo-");
        }

        said.Count(line => line.Contains("bitacora search '", StringComparison.Ordinal)).ShouldBe(3);
        await stop.CancelAsync();
        (await command).ShouldBe(0);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("20001")]
    [InlineData("NaN")]
    public async Task A_rate_that_makes_no_sense_is_refused(string rate) =>
        (await new TestScreen().RunAsync("demo", $"--rate={rate}")).ShouldBe(2);

    private static async Task<List<JsonNode>> AskAsync(RunningServer server, string query)
    {
        var outcome = await server.RunAsync("search", query, "--last", "7d", "--format", "json", "--tz", "UTC");
        outcome.ExitCode.ShouldBe(0, outcome.Error);
        return [.. outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bitacora.slnx")))
            {
                return Path.Combine(folder.FullName, name);
            }
        }

        throw new FileNotFoundException("the test does not run inside of the working copy");
    }
}
