using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// The samples of .NET applications, as processes against a real server: what they log is found by <c>bitacora search</c>.
/// </summary>
public sealed partial class DotNetSampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_web_applications_requests_are_found_with_their_ids_and_what_it_adds()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        var program = Product.Sample("AspNetCore", "AspNetCore");
        await using var web = RunningProcess.Start(
            program, ["--urls", "http://127.0.0.1:0", "--contentRoot", Path.GetDirectoryName(program)!], Settings(server));
        var address = await web.WaitForAsync(
            () => Listening().Match(string.Join('\n', web.Output)) is { Success: true } match ? match.Groups[1].Value : null, Patience);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/7");
        request.Headers.Add("X-Tier", "gold");
        (await http.SendAsync(request, Cancel)).EnsureSuccessStatusCode();
        using var refused = await http.GetAsync(new Uri("/orders/0", UriKind.Relative), Cancel);
        (await http.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel)).ShouldBe("Healthy");
        web.Signal("TERM");
        (await web.WaitAsync()).ShouldBe(0, web.Talk);

        var rows = await SearchAsync(server, "source:shop-web order");
        rows.Count.ShouldBe(2);
        var shown = rows.Single(row => (string)row["level"]! == "INFO");
        ((string)shown["message"]!).ShouldBe("order 7 of 66.50 shown");
        ((string)shown["attributes"]!["tier"]!).ShouldBe("gold");
        ((double)shown["attributes"]!["Amount"]!).ShouldBe(66.5);
        ((string)shown["attributes"]!["RequestPath"]!).ShouldBe("/orders/7");
        ((string?)shown["request_id"]).ShouldNotBeNullOrEmpty();
        ((string?)shown["trace_id"])!.Length.ShouldBe(32);
        ((string)rows.Single(row => (string)row["level"]! == "ERROR")["traceback"]!).ShouldContain("Orders are numbered from 1.");
    }

    [Fact]
    public Task A_services_last_words_are_found_after_it_was_told_to_stop() =>
        FindLastWordsAsync(Product.Sample("WorkerService", "WorkerService"));

    [Fact]
    public async Task A_service_that_is_killed_leaves_nothing_unsaid()
    {
        using var directory = new TemporaryDirectory();
        var program = Product.Sample("WorkerService", "WorkerService");
        IReadOnlyDictionary<string, string> settings;
        await using (var away = await ServerProcess.StartAsync(directory["other"]))
        {
            // An address where nobody listens any more.
            settings = Settings(away, ("SpoolDirectory", directory["spool"]));
        }

        int pid;
        await using (var killed = RunningProcess.Start(program, [], settings))
        {
            pid = killed.Id;
            await killed.WaitForAsync(
                () => killed.Output.Any(line => line.Contains("order 3 packed", StringComparison.Ordinal)) ? "" : null, Patience);
            await killed.KillAsync();
        }

        await using var server = await ServerProcess.StartAsync(directory["data"]);
        await using var next = RunningProcess.Start(program, [], Settings(server, ("SpoolDirectory", directory["spool"])));
        await next.WaitForAsync(() => next.Output.Any(line => line.Contains("packed", StringComparison.Ordinal)) ? "" : null, Patience);
        next.Signal("TERM");
        (await next.WaitAsync()).ShouldBe(0, next.Talk);

        var rows = await SearchAsync(server, $"source:shop-worker process.pid:{pid} packed");
        rows.Select(row => (long)row["attributes"]!["Order"]!).Order().Take(2).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_program_with_Serilog_is_found()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        await using var batch = RunningProcess.Start(Product.Sample("Serilog", "SerilogConsole"), [server.Url]);
        (await batch.WaitAsync()).ShouldBe(0, batch.Talk);

        var rows = await SearchAsync(server, "source:shop-batch logger:Shop.Batch");
        rows.Count.ShouldBe(4);
        var billed = rows.Single(row => ((string)row["message"]!).StartsWith("order 1 ", StringComparison.Ordinal));
        ((string)billed["attributes"]!["Customer.Tier"]!, (long)billed["attributes"]!["Order"]!).ShouldBe(("gold", 1));
        ((string)rows.Single(row => (string)row["level"]! == "ERROR")["traceback"]!).ShouldContain("the printer is on fire");
    }

    [Fact(Explicit = true)]
    public async Task A_service_that_was_compiled_to_native_code_without_warnings_is_found_too()
    {
        using var directory = new TemporaryDirectory();
        var (output, artifacts) = (directory["native"], directory["artifacts"]);
        await using (var publish = RunningProcess.Start(
            "dotnet",
            [
                "publish", Path.Combine(Product.Root, "samples", "WorkerService"), "-c", "Release",
                "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-p:PublishAot=true",
                "-p:PublishTrimmed=true", "-o", output, "--artifacts-path", artifacts,
            ]))
        {
            (await publish.WaitAsync()).ShouldBe(0, publish.Talk);
            publish.Talk.ShouldNotContain("warning");
        }

        File.Exists(Path.Combine(output, "Bitacora.Client.dll")).ShouldBeFalse("it is in the program");

        // Without emitted code values are boxed; the records are the same.
        await FindLastWordsAsync(Path.Combine(output, "WorkerService"));
    }

    private static async Task FindLastWordsAsync(string program)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        await using var worker = RunningProcess.Start(program, [], Settings(server, ("SpoolDirectory", directory["spool"])));
        await worker.WaitForAsync(() => worker.Output.Any(line => line.Contains("packed", StringComparison.Ordinal)) ? "" : null, Patience);
        worker.Signal("TERM");
        (await worker.WaitAsync()).ShouldBe(0, worker.Talk);

        var rows = await SearchAsync(server, "source:shop-worker logger:Shop.Worker.Packing");
        rows.Count(row => (string)row["message"]! == "the last parcel is out").ShouldBe(1);
        var packed = rows.First(row => ((string)row["message"]!).StartsWith("order 1 packed", StringComparison.Ordinal));
        ((double)packed["duration_ms"]!, (string)packed["user_id"]!, (string)packed["attributes"]!["Shift"]!)
            .ShouldBe((120.0, "packer-3", "day"));
    }

    private static Dictionary<string, string> Settings(ServerProcess server, params (string Name, string Value)[] more)
    {
        var settings = more.ToDictionary(one => "Logging__Bitacora__" + one.Name, one => one.Value);
        settings["Logging__Bitacora__Endpoint"] = server.Url;
        return settings;
    }

    private static async Task<List<JsonNode>> SearchAsync(ServerProcess server, string query)
    {
        await using var search = RunningProcess.Start(["search", query, "--last", "1h", "--format", "json", "--server", server.Url]);
        (await search.WaitAsync()).ShouldBe(0, search.Talk);
        return [.. search.Output.Select(row => JsonNode.Parse(row)!)];
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
