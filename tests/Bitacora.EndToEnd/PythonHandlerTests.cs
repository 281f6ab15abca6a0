using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// Python's own handlers, in Python, against the built executable: what the program logged is found by search, field by field. Skipped
/// where python3 or the shared senders are absent.
/// </summary>
public sealed class PythonHandlerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("python_socket_pickle.py", "tcp")]
    [InlineData("python_datagram_pickle.py", "udp")]
    public async Task What_a_stock_handler_sends_is_found_field_by_field(string script, string transport)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StartAsync(directory);

        var sent = await SendAsync(script, await PortAsync(server, transport));

        sent.Count.ShouldBe(60);
        var rows = await FoundAsync(server, "t11-", sent.Count);
        rows.Count.ShouldBe(sent.Count);
        var byKey = rows.ToDictionary(row => ((string)row["message"]!).Split(' ')[0]);
        foreach (var line in sent)
        {
            ShouldBe(byKey[(string)line["key"]!], line);
        }

        var counts = (await StatsAsync(server))["python"]![transport]!;
        ((long)counts["records"]!, (long)counts["unreadable_frames"]!, (long)counts["torn_frames"]!).ShouldBe((60, 0, 0));
    }

    [Fact]
    public async Task A_command_in_a_pickle_does_nothing_and_is_counted()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StartAsync(directory);
        var touched = directory["touched"];
        var program = $$"""
            import os, pickle, socket, struct
            class Command:
                def __reduce__(self):
                    return (os.system, ("touch {{touched}}",))
            link = socket.create_connection(("127.0.0.1", {{await PortAsync(server, "tcp")}}))
            for message in (Command(), {"msg": "t11-after the command"}):
                data = pickle.dumps(message, 1)
                link.sendall(struct.pack(">L", len(data)) + data)
            link.close()
            """;

        await PythonAsync("-c", program);

        (await FoundAsync(server, "t11-", 1)).Count.ShouldBe(1);
        File.Exists(touched).ShouldBeFalse();
        var stats = await StatsAsync(server);
        ((long)stats["python"]!["tcp"]!["unreadable_frames"]!).ShouldBe(1);
        ((long)stats["records"]!["rejected"]!).ShouldBe(1);
    }

    private static void ShouldBe(JsonObject row, JsonObject line)
    {
        var key = (string)line["key"]!;
        ((string)row["message"]!).ShouldBe((string)line["message"]!, key);
        ((string)row["level"]!).ShouldBe((string)line["level"]!, key);
        ((string)row["logger"]!).ShouldBe((string)line["logger"]!, key);
        ((string)row["time"]!).ShouldBe(((string)line["timestamp"]!).Replace("Z", "0Z", StringComparison.Ordinal), key);
        ((string?)row["traceback"]).ShouldBe((string?)line["exception"]?["traceback"], key);
        var fields = line["fields"]!;
        ((string?)row["request_id"]).ShouldBe((string?)fields["request_id"], key);
        ((string?)row["user_id"]).ShouldBe(fields["user_id"]!.ToString(), key);
        ((string?)row["session_id"]).ShouldBe((string?)fields["session_id"], key);
        ((double)row["duration_ms"]!).ShouldBe((double)fields["duration_ms"]!, key);
        if (line["source"] is JsonObject source)
        {
            var attributes = row["attributes"]!;
            ((string)attributes["code.file.path"]!).ShouldBe((string)source["pathname"]!, key);
            ((long)attributes["code.line.number"]!).ShouldBe((long)source["lineno"]!, key);
            ((string)attributes["code.function.name"]!).ShouldBe((string)source["funcName"]!, key);
            ((long)attributes["process.pid"]!).ShouldBe((long)source["process"]!, key);
            ((string)attributes["python.process_name"]!).ShouldBe((string)source["processName"]!, key);
            ((string)attributes["thread.name"]!).ShouldBe((string)source["threadName"]!, key);
        }
    }

    private static Task<ServerProcess> StartAsync(TemporaryDirectory directory)
    {
        Assert.SkipUnless(IsPythonThere(), "there is no python3");
        return ServerProcess.StartAsync(
            directory["data"], "--set", "python:tcp=127.0.0.1:0", "--set", "python:udp=127.0.0.1:0");
    }

    private static async Task<List<JsonObject>> SendAsync(string script, int port)
    {
        var senders = SendersFolder();
        Assert.SkipUnless(senders is not null, "the shared senders are not beside the repository");
        var output = await PythonAsync(
            "-B", Path.Combine(senders!, script), "--port", port.ToString(CultureInfo.InvariantCulture), "--count", "60", "--seed", "11");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    private static async Task<string> PythonAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var talk = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        process.ExitCode.ShouldBe(0, talk);
        return await output;
    }

    /// <summary>The rows of a search, as soon as there are so many: these handlers get no answer to wait for.</summary>
    private static async Task<List<JsonObject>> FoundAsync(ServerProcess server, string query, int count)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((long)(await StatsAsync(server))["records"]!["stored"]! < count)
        {
            await look.WaitForNextTickAsync(patience.Token);
        }

        return await Stored.RowsAsync(server.Http, query);
    }

    private static async Task<JsonObject> StatsAsync(ServerProcess server) =>
        JsonNode.Parse(await server.Http.GetStringAsync(new Uri("/api/stats", UriKind.Relative), Cancel))!.AsObject();

    private static async Task<int> PortAsync(ServerProcess server, string transport) => int.Parse(
        ((string)(await StatsAsync(server))["python"]![transport]!["address"]!).Split(':')[^1], CultureInfo.InvariantCulture);

    private static string? SendersFolder()
    {
        for (var folder = new DirectoryInfo(Product.Root); folder is not null; folder = folder.Parent)
        {
            var senders = Path.Combine(folder.FullName, "shared", "clients", "send");
            if (Directory.Exists(senders))
            {
                return senders;
            }
        }

        return null;
    }

    private static bool IsPythonThere() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "python3")));
}
