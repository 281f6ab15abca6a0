using System.Text.Json.Nodes;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>What the README promises to a stranger, on the real executable.</summary>
public sealed class StrangerTests
{
    [Fact]
    public async Task A_stranger_sends_a_file_and_finds_the_error_in_it()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["events.ndjson"];
        var now = DateTimeOffset.UtcNow;
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, 1000).Select(i => new JsonObject
            {
                ["time"] = now.AddSeconds(-i).ToString("O"),
                ["level"] = i % 100 == 0 ? "ERROR" : "INFO",
                ["source"] = "shop",
                ["message"] = i % 100 == 0 ? $"Connection to database lost, attempt {i}" : $"order {i} placed",
                ["order_id"] = i,
            }.ToJsonString()));
        await using var server = await ServerProcess.StartAsync(directory["data"]);

        var (ingestCode, _, ingestTalk) = await RunAsync("ingest", file, "--server", server.Url);
        ingestCode.ShouldBe(0, ingestTalk);
        ingestTalk.ShouldContain("search");

        var (code, rows, talk) = await RunAsync(
            "search", "level>=ERROR connection", "--last", "24h", "--format", "json", "--server", server.Url);
        code.ShouldBe(0, talk);
        rows.Count.ShouldBe(10);
        rows.ShouldAllBe(row =>
            ((string)JsonNode.Parse(row)!["message"]!).Contains("Connection to database lost", StringComparison.Ordinal));

        var (_, groups, _) = await RunAsync(
            "search", "level:ERROR | count by source", "--last", "7d", "--format", "json", "--server", server.Url);
        var group = JsonNode.Parse(groups.ShouldHaveSingleItem())!;
        ((string)group["source"]!, (int)group["count"]!).ShouldBe(("shop", 10));
    }

    [Fact]
    public async Task A_file_that_is_ingested_twice_and_grew_is_stored_once()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["app.ndjson"];
        await File.WriteAllLinesAsync(file, Lines(0, 3000));
        await using var server = await ServerProcess.StartAsync(directory["data"]);

        (await RunAsync("ingest", file, "--server", server.Url)).Code.ShouldBe(0);
        (await RunAsync("ingest", file, "--server", server.Url)).Code.ShouldBe(0);
        await File.AppendAllLinesAsync(file, Lines(3000, 500));
        (await RunAsync("ingest", file, "--server", server.Url)).Code.ShouldBe(0);

        var ids = await Stored.IdsAsync(server.Http, "source:app");
        ids.Count.ShouldBe(3500);
        ids.Distinct().Count().ShouldBe(3500);
    }

    [Fact]
    public async Task An_ingest_that_is_killed_in_the_middle_goes_on_where_it_stopped()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["app.ndjson"];
        await File.WriteAllLinesAsync(file, Lines(0, 60_000));
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        var random = new Random(TestSeed.Of("ingest"));
        for (var i = 0; i < 3; i++)
        {
            await using var ingest = RunningProcess.Start(["ingest", file, "--server", server.Url]);
            var target = random.Next(1, 20_000);
            await WaitForRecordsAsync(server.Http, target, ingest);
            await ingest.KillAsync();
        }

        (await RunAsync("ingest", file, "--server", server.Url)).Code.ShouldBe(0);

        var ids = await Stored.IdsAsync(server.Http, "source:app");
        ids.Count.ShouldBe(60_000);
        ids.Distinct().Count().ShouldBe(60_000);
    }

    [Fact]
    public async Task Records_of_several_lines_are_stored_once_though_the_ingest_is_killed_and_the_file_grows_and_is_rotated()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["app.log"];
        await File.WriteAllLinesAsync(file, Tracebacks(0, 12_000));
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        var random = new Random(TestSeed.Of("tracebacks"));
        for (var i = 0; i < 3; i++)
        {
            await using var ingest = RunningProcess.Start(["ingest", file, "--server", server.Url]);
            await WaitForRecordsAsync(server.Http, random.Next(1, 4_000), ingest);
            await ingest.KillAsync();
        }

        await File.AppendAllLinesAsync(file, Tracebacks(12_000, 500));
        (await RunAsync("ingest", file, "--server", server.Url)).Code.ShouldBe(0);
        File.Move(file, file + ".1");
        await File.WriteAllLinesAsync(file, Tracebacks(12_500, 500));
        (await RunAsync("ingest", file, file + ".1", "--server", server.Url)).Code.ShouldBe(0);

        var rows = await Stored.RowsAsync(server.Http, "source:app");
        rows.Count.ShouldBe(13_000);
        rows.Select(row => (string)row["message"]!).Distinct().Count().ShouldBe(13_000);
        rows.ShouldAllBe(row => ((string)row["traceback"]!).EndsWith("ValueError: no", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_on_standard_input_are_found_while_the_pipe_is_open()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        await using var ingest = RunningProcess.Start(["ingest", "-", "--source", "pipe", "--server", server.Url]);

        await ingest.Input.WriteLineAsync("""{"message":"through the pipe","level":"WARNING"}""");
        await ingest.Input.FlushAsync();
        await WaitForRecordsAsync(server.Http, 1, ingest);

        var row = (await Stored.RowsAsync(server.Http, "pipe source:pipe")).ShouldHaveSingleItem();
        ((string)row["level"]!).ShouldBe("WARNING");
        ingest.Input.Close();
        (await ingest.WaitAsync()).ShouldBe(0, ingest.Talk);
    }

    [Fact]
    public async Task A_tail_shows_what_arrives()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        await using var tail = RunningProcess.Start(["tail", "source:load level:ERROR", "--format", "json", "--server", server.Url]);
        var load = new Load("tail");
        while (tail.Output.Count < 2 && !tail.HasExited)
        {
            // The tail begins at a moment that nobody announces: send until it has seen some.
            (await load.SendAsync(server.Http, 14, CancellationToken.None)).ShouldBeTrue();
        }

        tail.Output.ShouldAllBe(line => (string)JsonNode.Parse(line)!["level"]! == "ERROR");
        tail.Signal("INT");
        (await tail.WaitAsync()).ShouldBe(130, tail.Talk);
    }

    [Theory]
    [InlineData(2, "search", "level:EROR", "level")]
    [InlineData(2, "serch", "", "search")]
    [InlineData(1, "search", "x", "serve")]
    public async Task Errors_say_what_to_do(int code, string command, string argument, string help)
    {
        using var directory = new TemporaryDirectory();
        string[] arguments = code == 1 ? [command, argument, "--server", "http://127.0.0.1:9"] : [command, argument];

        var (actual, output, talk) = await RunAsync([.. arguments.Where(one => one.Length > 0), .. Elsewhere(command, code, directory)]);

        actual.ShouldBe(code, talk);
        output.ShouldBeEmpty();
        talk.ShouldContain(help, Case.Insensitive);
    }

    private static IEnumerable<string> Tracebacks(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            yield return $"job {i} failed";
            yield return "Traceback (most recent call last):";
            yield return "  File \"job.py\", line 3, in <module>";
            yield return "ValueError: no";
        }
    }

    private static string[] Elsewhere(string command, int code, TemporaryDirectory directory) =>
        command == "search" && code == 2 ? ["--data", directory["data"]] : [];

    private static IEnumerable<string> Lines(int first, int count) =>
        Enumerable.Range(first, count).Select(i => $$"""{"level":"INFO","message":"line {{i}}","uid":"app-{{i}}"}""");

    private static async Task<(int Code, IReadOnlyCollection<string> Output, string Talk)> RunAsync(params string[] arguments)
    {
        await using var process = RunningProcess.Start(arguments);
        process.Input.Close();
        var code = await process.WaitAsync();
        return (code, process.Output, process.Talk);
    }

    private static async Task WaitForRecordsAsync(HttpClient http, int count, RunningProcess sender)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        long stored = 0;
        while (stored < count && !sender.HasExited)
        {
            limit.Token.ThrowIfCancellationRequested();
            var groups = await http.GetStringAsync(new Uri("/api/search?q=" + Uri.EscapeDataString("* | count"), UriKind.Relative),
                limit.Token);
            stored = (long)JsonNode.Parse(groups.Split('\n')[0])!["count"]!;
        }
    }
}
