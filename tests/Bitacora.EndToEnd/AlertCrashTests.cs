using System.Text;
using System.Text.Json;
using Bitacora.EndToEnd.Processes;
using Bitacora.Testing.Http;

namespace Bitacora.EndToEnd;

/// <summary>The promise of alerts against SIGKILL, on the real executable and the real clock: every alert arrives.</summary>
public sealed class AlertCrashTests(ITestOutputHelper output)
{
    private static readonly string[] Rules = ["critical", "errors", "logger-flood"];

    [Fact]
    public Task Ten_kills_between_raise_and_delivery_lose_no_alert() => KillAsync(10, TestSeed.Of("alerts"));

    [Fact(Explicit = true)]
    public Task Fifty_kills_between_raise_and_delivery_lose_no_alert() => KillAsync(50, TestSeed.Random());

    private async Task KillAsync(int least, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(500));
        var config = directory["bitacora.json"];
        await File.WriteAllTextAsync(
            config, $$"""{ "alerts": { "channels": { "ops": { "type": "webhook", "url": "{{receiver.Url}}" } } } }""");
        string[] settings = ["--config", config];
        await BeginAsync(directory["data"], config);

        // From before the minute is judged, through raising, to many a try to deliver.
        var (kills, killsSinceRaised, isSent) = (0, 0, false);
        while (killsSinceRaised < least)
        {
            await using var server = await ServerProcess.StartAsync(directory["data"], settings);
            if (!isSent)
            {
                await SendAsync(server.Http);
                isSent = true;
            }

            await RandomMoment.WaitAsync(random, TimeSpan.FromSeconds(3));
            await server.KillAsync();
            kills++;
            killsSinceRaised += receiver.Requests.IsEmpty ? 0 : 1;
            kills.ShouldBeLessThan(1000);
        }

        receiver.AnswerFromNow(PlayedReceiver.Ok);
        await using var last = await ServerProcess.StartAsync(directory["data"], settings);
        await receiver.UntilAsync(
            () => receiver.Taken.Select(RuleOf).Distinct().Count() == Rules.Length, TimeSpan.FromMinutes(8));

        receiver.Taken.Select(RuleOf).Order().ShouldBe(Rules);
        output.WriteLine($"{kills} kills, {killsSinceRaised} of them after the first try, {receiver.Requests.Count} tries");
    }

    // So that the first server judges from here on, and does not begin with a minute that has not come.
    private static async Task BeginAsync(string data, string config)
    {
        await using (await ServerProcess.StartAsync(data, "--config", config))
        {
        }

        await using var check = RunningProcess.Start(["alerts", "check", "--data", data, "--config", config]);
        (await check.WaitAsync()).ShouldBe(0, check.Talk);
    }

    private static async Task SendAsync(HttpClient http)
    {
        var now = DateTimeOffset.UtcNow.ToString("O");
        var lines = Enumerable.Range(0, 120).Select(i =>
            $$"""{"time":"{{now}}","level":"{{(i < 6 ? "CRITICAL" : "ERROR")}}","logger":"shop.db","message":"refused {{i}}"}""");
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8);
        using var answer = await http.PostAsync(new Uri("/api/logs", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    private static string RuleOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("rule").GetString()!;
    }
}
