using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bitacora.EndToEnd.Processes;
using Bitacora.Storage.Embedded;

namespace Bitacora.EndToEnd;

/// <summary>
/// Real logs with fresh times through the real executable fire what counting their lines says: the lines of each minute that a regular
/// expression takes, summed over each five minutes, against the rule's threshold.
/// </summary>
public sealed partial class AlertReplayTests(ITestOutputHelper output)
{
    // The records' minutes, then enough without any for everything to resolve, within the hour that a check makes up for.
    private const int Length = 40;
    private const int Judged = 50;
    private const int Window = 5;

    private const string Config = """
        {
          "alerts": {
            "rules": {
              "not-found": { "query": "http.response.status_code:404", "condition": "> 30" },
              "break-in": { "query": "\"Failed password\" client.address:*", "by": ["client.address"], "condition": "> 30" },
              "no-trouble": { "query": "level>=WARNING", "condition": "absence" }
            }
          }
        }
        """;

    [Theory]
    [InlineData("nginx")]
    [InlineData("apache")]
    [InlineData("syslog")]
    [InlineData("sshd")]
    [InlineData("openstack")]
    [InlineData("postgresql")]
    public async Task A_real_log_fires_what_counting_its_lines_says(string name)
    {
        var log = ReplayedLog.All[name];
        var lines = log.ReadLines();
        Assert.SkipUnless(lines is not null, $"../shared/{log.Source} is not there");
        using var directory = new TemporaryDirectory();
        var (data, config) = (directory["data"], directory["bitacora.json"]);
        await File.WriteAllTextAsync(config, Config);
        var begin = DateTimeOffset.UtcNow.AddMinutes(-Judged);
        begin = begin.AddTicks(-begin.Ticks % TimeSpan.TicksPerMinute);
        using (var states = SqliteStateStore.Open(data, TimeProvider.System))
        {
            await JudgedBefore.AsOfAsync(states, Config, begin);
        }

        await File.WriteAllLinesAsync(
            directory[log.Name], lines.Select((line, i) => log.WithTime(line, begin.UtcDateTime + TimeOf(i, lines.Length))));
        var (code, _, talk) = await RunAsync(
            "ingest", directory[log.Name], "--format", log.Format, "--tz", "UTC", "--data", data);
        code.ShouldBe(log.Torn > 0 ? 3 : 0, talk);
        talk.ShouldContain($"Stored {lines.Length.ToString("N0", CultureInfo.InvariantCulture)} records");

        (code, var told, talk) = await RunAsync("alerts", "check", "--data", data, "--config", config);
        code.ShouldBe(4, talk);
        (_, var history, _) = await RunAsync("alerts", "history", "--format", "json", "--data", data, "--config", config);
        var expected = Expected(log, lines, begin);
        history.Select(Event).Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal));

        // What began to hold after the first judgement, which told nobody, was told by the check.
        var since = $"{begin:yyyy-MM-ddTHH:mm} ";
        string[] toTell =
        [
            .. expected.Where(one => !one.StartsWith(since, StringComparison.Ordinal)).Select(one => one.Split(' '))
                .Where(words => words[2] == "fired").Select(words => words[1]),
        ];
        told.Select(line => Fired().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct().Order()
            .ShouldBe(toTell.Distinct().Order());
        output.WriteLine(string.Join('\n', expected));
    }

    /// <summary>What the rules should say: by hand, from the lines alone.</summary>
    private static List<string> Expected(ReplayedLog log, string[] lines, DateTimeOffset begin) =>
    [
        .. Judge("errors", lines, begin, line => log.LevelOf(line) == "ERROR" ? "" : null, count => count > 10),
        .. Judge("critical", lines, begin, line => log.LevelOf(line) == "CRITICAL" ? "" : null, count => count > 5),
        .. Judge("logger-flood", lines, begin, log.LoggerOf, count => count > 100),
        .. Judge("not-found", lines, begin, line => NotFound().IsMatch(line) ? "" : null, count => count > 30),
        .. Judge(
            "break-in", lines, begin,
            line => FailedPassword().Match(line) is { Success: true } match ? match.Groups[1].Value : null, count => count > 30),
        .. Judge("no-trouble", lines, begin, line => log.LevelOf(line) == "INFO" ? null : "", count => count == 0),
    ];

    private static IEnumerable<string> Judge(
        string rule, string[] lines, DateTimeOffset begin, Func<string, string?> groupOf, Func<int, bool> holds)
    {
        var groups = lines.Select((line, i) => (Group: groupOf(line), Minute: (int)TimeOf(i, lines.Length).TotalMinutes))
            .Where(line => line.Group is not null).ToLookup(line => line.Group!, line => line.Minute);
        foreach (var group in groups.Select(group => group.Key).DefaultIfEmpty(""))
        {
            var minutes = groups[group].ToLookup(minute => minute);
            var held = false;
            for (var end = 0; end < Judged; end++)
            {
                var count = Enumerable.Range(end - Window, Window).Sum(minute => minutes[minute].Count());
                if (holds(count) != held)
                {
                    held = !held;
                    yield return $"{begin.AddMinutes(end):yyyy-MM-ddTHH:mm} {rule} {(held ? "fired" : "resolved")} {count} {group}";
                }
            }
        }
    }

    private static TimeSpan TimeOf(int line, int lines) => TimeSpan.FromMinutes(Length) * line / lines;

    private static string Event(string json)
    {
        using var document = JsonDocument.Parse(json);
        var row = document.RootElement;
        string Text(string name) => row.GetProperty(name).ToString();
        return $"{Text("time")[..16]} {Text("rule")} {Text("kind")} {Text("count")} {Text("group")}";
    }

    private static async Task<(int Code, IReadOnlyList<string> Lines, string Talk)> RunAsync(params string[] arguments)
    {
        await using var process = RunningProcess.Start(arguments);
        var code = await process.WaitAsync();
        return (code, [.. process.Output], process.Talk);
    }

    [GeneratedRegex(@"^\[\w+\] FIRED: ([\w-]+): ")]
    private static partial Regex Fired();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*"" 404 ")]
    private static partial Regex NotFound();

    [GeneratedRegex(@"sshd\[\d+\]: Failed password for .* from (\S+) port \d+ ssh2$")]
    private static partial Regex FailedPassword();
}
