using System.Diagnostics;
using Bitacora.Alerting;
using Bitacora.Benchmarks.Corpus;
using Bitacora.Storage.Embedded;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// What a minute costs: 100 rules of layer, level, source and logger, none of which fires, over a day in the embedded store. Each minute of
/// the last half hour is judged, as a server does it, also those in which late records of the whole day are looked for.
/// </summary>
internal static class AlertRun
{
    private const int Rules = 100;
    private const int Minutes = 32;

    private static readonly string[] Queries =
    [
        "level:ERROR source:{0}", "level>=WARNING logger:{0}.db", "layer:application source:{0} NOT level:DEBUG", "logger:{0}.*",
        "source:{0} (level:CRITICAL OR level:ERROR)",
    ];

    private static readonly string[][] Keys = [[], ["logger"], [], ["level"], ["source", "logger"]];

    private static readonly string[] Sources =
        ["shop", "payments", "search", "inventory", "gateway", "auth", "mailer", "billing", "reports", "images", "scheduler", "ledger"];

    public static async Task RunAsync(RunOptions options)
    {
        var directory = Path.Combine(options.Work, "alerts");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        await using var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory }, TimeProvider.System);
        await StoreIngestRun.AppendAsync(store, CorpusBatches.Of(new CorpusGenerator(options.Records, options.Day), 1_000), 1);
        foreach (var window in new[] { 5, 60, 6 * 60, 24 * 60 })
        {
            await JudgeAsync(options, store, TimeSpan.FromMinutes(window));
        }
    }

    private static async Task JudgeAsync(RunOptions options, EmbeddedLogStore store, TimeSpan window)
    {
        var clock = new FakeTimeProvider(options.Day.AddDays(1).AddMinutes(-Minutes).AddSeconds(15));
        var states = Path.Combine(options.Work, $"alert-states-{window.TotalMinutes}");
        if (Directory.Exists(states))
        {
            Directory.Delete(states, recursive: true);
        }

        Directory.CreateDirectory(states);
        using var remembered = SqliteStateStore.Open(states, clock);
        using var engine = new AlertEngine(
            new AlertSettings { Rules = [.. Enumerable.Range(0, Rules).Select(number => Rule(number, window))] }, store.QueryAsync,
            remembered, TextWriter.Null, clock, new Random(1));
        var times = new List<(TimeSpan Wall, TimeSpan Cpu)>();
        for (var minute = 0; minute <= Minutes; minute++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            var report = await engine.EvaluateAsync(CancellationToken.None);
            times.Add((watch.Elapsed, Environment.CpuUsage.TotalTime - cpu));
            clock.Advance(TimeSpan.FromMinutes(1));
            if (report.Problems.Count + report.Raised.Count > 0)
            {
                throw new InvalidOperationException($"{string.Join("; ", report.Problems)}; {report.Raised.Count} raised");
            }
        }

        // The first compiles methods, and looks at the day for the first time.
        var walls = times.Skip(1).Select(time => time.Wall).Order().ToArray();
        var cpus = times.Skip(1).Select(time => time.Cpu).Order().ToArray();
        Measure.Row(
            $"{Rules} rules, windows of {window.TotalMinutes:N0} min: {options.Records * window.TotalDays:N0} records",
            $"median {MedianOf(walls)}, longest {Of(walls[^1])} ms (≤ 1,000); CPU {MedianOf(cpus)} and {Of(cpus[^1])} ms");
    }

    private static string MedianOf(TimeSpan[] sorted) => Of(sorted[sorted.Length / 2]);

    private static string Of(TimeSpan time) =>
        time.TotalMilliseconds.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private static AlertRule Rule(int number, TimeSpan window) => new()
    {
        Name = $"rule-{number}",
        Query = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, Queries[number % Queries.Length], Sources[number % Sources.Length]),
        By = Keys[number % Keys.Length],
        Condition = new AlertCondition(ConditionOperator.MoreThan, 1_000_000_000 + number),
        Window = window,
    };
}
