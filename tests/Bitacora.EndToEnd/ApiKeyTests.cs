using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>What a secret must never come into: a log, an error, a listing, a command line, a file of the data directory.</summary>
public sealed class ApiKeyTests
{
    private const string Line = """{"time":"2026-01-01T00:00:00Z","message":"kept"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_is_in_no_log_no_error_no_listing_no_file_and_no_command_line()
    {
        using var directory = new TemporaryDirectory();
        var data = directory["data"];
        var key = await MakeAsync(data, "shop", "all");
        var wrong = key[..^4] + (key.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        await using var server = await ServerProcess.StartAsync(data);
        var answers = new List<string>();

        (await SendAsync(server, answers, request => Show(request, key))).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(server, answers, request => Show(request, wrong))).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(server, answers, request => request.Headers.Add("X-Api-Key", wrong))).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(server, answers, _ => { }, "?apiKey=" + key)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(server, answers, request => request.Headers.Add("X-Forwarded-For", "127.0.0.1")))
            .ShouldBe(HttpStatusCode.Unauthorized);

        var commands = new List<string>();
        foreach (var (secret, code) in new[] { (key, 0), (wrong, 1) })
        {
            commands.AddRange(await FollowAsync(server, secret, code));
            foreach (var arguments in new[] { new[] { "search", "kept" }, ["senders"], ["storage", "status"] })
            {
                await using var command = RunningProcess.Start([.. arguments, "--server", server.Url], Environment(secret));
                (await command.WaitAsync()).ShouldBe(code, command.Talk);
                commands.Add(command.Talk + string.Join('\n', command.Output));
            }
        }

        await using var listing = RunningProcess.Start(["keys", "list", "--format", "json", "--data", data]);
        (await listing.WaitAsync()).ShouldBe(0, listing.Talk);
        commands.Add(string.Join('\n', listing.Output));
        var serverLine = await File.ReadAllTextAsync($"/proc/{server.Process.Id}/cmdline", Cancel);
        server.Process.Signal("TERM");
        (await server.Process.WaitAsync()).ShouldBe(0);

        var places = new Dictionary<string, string>
        {
            ["the server's log"] = server.Process.Talk + string.Join('\n', server.Process.Output),
            ["the server's command line"] = serverLine,
            ["answers"] = string.Join('\n', answers),
            ["commands"] = string.Join('\n', commands),
        };
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            places[file] = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancel));
        }

        // The end is what is secret: the beginning is the key's public id.
        foreach (var (place, text) in places)
        {
            text.ShouldNotContain(key[^40..], Case.Sensitive, place);
            text.ShouldNotContain(wrong[^40..], Case.Sensitive, place);
        }

        places["the server's log"].ShouldContain("key", Case.Insensitive, "the log is not heard, so this test looks at nothing");
    }

    /// <summary>A tail that runs until it is stopped, so that its command line can be looked at.</summary>
    private static async Task<IEnumerable<string>> FollowAsync(ServerProcess server, string key, int code)
    {
        await using var tail = RunningProcess.Start(["tail", "kept", "--from", "-1h", "--server", server.Url], Environment(key));
        var line = await File.ReadAllTextAsync($"/proc/{tail.Id}/cmdline", Cancel);
        if (code == 0)
        {
            await SendAsync(server, [], request => Show(request, key), time: DateTimeOffset.UtcNow);
            await tail.WaitForAsync(
                () => tail.Output.FirstOrDefault(row => row.Contains("kept", StringComparison.Ordinal)), TimeSpan.FromSeconds(30));
            tail.Signal("INT");
        }

        (await tail.WaitAsync()).ShouldBe(code == 0 ? 130 : code, tail.Talk);
        return [line, tail.Talk, .. tail.Output];
    }

    private static async Task<string> MakeAsync(string data, string name, string can)
    {
        await using var command = RunningProcess.Start(["keys", "create", "--name", name, "--can", can, "--data", data]);
        (await command.WaitAsync()).ShouldBe(0, command.Talk);
        return command.Output.ShouldHaveSingleItem();
    }

    private static Dictionary<string, string> Environment(string key) => new() { ["BITACORA_API_KEY"] = key };

    private static void Show(HttpRequestMessage request, string key) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);

    private static async Task<HttpStatusCode> SendAsync(
        ServerProcess server, List<string> answers, Action<HttpRequestMessage> show, string query = "", DateTimeOffset? time = null)
    {
        var line = JsonNode.Parse(Line)!.AsObject();
        line["time"] = (time ?? DateTimeOffset.UtcNow).ToString("O");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/logs" + query, UriKind.Relative))
        {
            Content = new StringContent(line.ToJsonString() + "\n"),
        };
        show(request);
        using var response = await server.Http.SendAsync(request, Cancel);
        answers.Add(response.Headers + await response.Content.ReadAsStringAsync(Cancel));
        return response.StatusCode;
    }
}
