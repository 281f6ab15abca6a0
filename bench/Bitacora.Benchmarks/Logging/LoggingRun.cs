using System.Diagnostics;
using System.Globalization;
using Bitacora.Benchmarks.Runs;
using Microsoft.Extensions.Logging;

namespace Bitacora.Benchmarks.Logging;

/// <summary>
/// What a log call costs its caller, and all threads together, of each provider, in turns within one process: a machine that others use too
/// is not always equally fast, and each turn meets all of them alike.
/// </summary>
internal static class LoggingRun
{
    private const int Rounds = 120;
    private const int Burst = 1_500;
    private const int PacedSeconds = 4;
    private const int PerMillisecond = 25;

    /// <summary>
    /// How long each thread sleeps between what it logs. Waking a thread costs far more than a log on some machines: every millisecond it
    /// is the benchmark's own wake-ups that are counted, every ten what is logged.
    /// </summary>
    private static readonly int[] PaceMilliseconds = [1, 10];

    private static readonly Func<ILogger, string, string, IDisposable?> InRequest =
        LoggerMessage.DefineScope<string, string>("request {RequestId} of {Tenant}");

    public static void Run(string[] names)
    {
        var pipelines = LoggingPipelines.All
            .Where(one => names.Length == 0 || names.Any(name => one.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
            .Select(one => one.Open(one.Name)).ToList();
        Console.WriteLine("| [LoggerMessage] into an empty queue | ns, median (10th percentile) | bytes, all threads |");
        Console.WriteLine("|---|---|---|");
        Bursts(pipelines, "no parameters", BenchMessages.Simple, isInScope: false);
        Bursts(pipelines, "3 parameters in a scope", logger => BenchMessages.Structured(logger, 4711, "Ana", 12.5), isInScope: true);
        Console.WriteLine();
        foreach (var pace in PaceMilliseconds)
        {
            Console.WriteLine($"| 2 threads, 50,000 a second, every {pace} ms | µs of CPU a log | latency p50 / p99 / p99.9 / max |");
            Console.WriteLine("|---|---|---|");
            foreach (var pipeline in pipelines)
            {
                Paced(pipeline, pace);
            }
        }

        pipelines.ForEach(pipeline => pipeline.Dispose());
        Refusals();
    }

    private static void Bursts(List<LoggingPipeline> pipelines, string what, Action<ILogger> call, bool isInScope)
    {
        var times = pipelines.Select(_ => new List<double>()).ToList();
        var bytes = new long[pipelines.Count];
        for (var round = -20; round < Rounds; round++)
        {
            foreach (var (i, pipeline) in pipelines.Index())
            {
                using var scope = isInScope
                    ? InRequest(pipeline.Logger, "0HN7:00000001", "north")
                    : null;
                var delivered = pipeline.Delivered();
                var allocated = GC.GetTotalAllocatedBytes(precise: true);
                var started = Stopwatch.GetTimestamp();
                for (var n = 0; n < Burst; n++)
                {
                    call(pipeline.Logger);
                }

                var elapsed = Stopwatch.GetElapsedTime(started);
                Drain(pipeline, delivered + Burst);
                if (round >= 0)
                {
                    times[i].Add(elapsed.TotalNanoseconds / Burst);
                    bytes[i] += GC.GetTotalAllocatedBytes(precise: true) - allocated;
                }
            }
        }

        foreach (var (i, pipeline) in pipelines.Index())
        {
            times[i].Sort();
            Measure.Row(
                $"{what}: {pipeline.Name}",
                $"{times[i][Rounds / 2]:F0} ({times[i][Rounds / 10]:F0}) | {bytes[i] / (double)(Rounds * Burst):F0}");
        }
    }

    private static void Paced(LoggingPipeline pipeline, int pace)
    {
        using var scope = InRequest(pipeline.Logger, "0HN7:00000001", "north");
        var delivered = pipeline.Delivered();
        var latencies = new long[2][];
        var cpu = Measure.ProcessorTime(Environment.ProcessId);
        var context = ExecutionContext.Capture()!;
        var threads = Enumerable.Range(0, 2).Select(thread => new Thread(() => ExecutionContext.Run(
            context, _ => latencies[thread] = LogPaced(pipeline.Logger, pace), null))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var count = latencies.Sum(one => one.Length);
        Drain(pipeline, delivered + count);
        var spent = Measure.ProcessorTime(Environment.ProcessId) - cpu;
        var sorted = latencies.SelectMany(one => one).Order().ToArray();
        Measure.Row(
            pipeline.Name,
            $"{spent.TotalMicroseconds / count:F2} | {Of(0.5)} / {Of(0.99)} / {Of(0.999)} / {Of(1)}");

        string Of(double share) => (sorted[(int)((sorted.Length - 1) * share)] * (1e9 / Stopwatch.Frequency))
            .ToString(share < 1 ? "F0" : "N0", CultureInfo.InvariantCulture) + " ns";
    }

    private static long[] LogPaced(ILogger logger, int pace)
    {
        var latencies = new long[PacedSeconds * 1000 * PerMillisecond];
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < latencies.Length; n++)
        {
            if (n % (PerMillisecond * pace) == 0)
            {
                var due = started + (n / PerMillisecond * (Stopwatch.Frequency / 1000));
                while (Stopwatch.GetTimestamp() < due)
                {
                    Thread.Sleep(pace);
                }
            }

            var before = Stopwatch.GetTimestamp();
            BenchMessages.Structured(logger, n, "Ana", 12.5);
            latencies[n] = Stopwatch.GetTimestamp() - before;
        }

        return latencies;
    }

    private static void Refusals()
    {
        using var pipeline = LoggingPipelines.Bitacora("Bitácora", null, capacity: 100, isAway: true);
        const int Calls = 200_000;
        var best = double.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var n = 0; n < Calls; n++)
            {
                BenchMessages.Structured(pipeline.Logger, n, "Ana", 12.5);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls);
        }

        Console.WriteLine();
        Measure.Row("a call that the full queue refuses", $"{best:F0} ns (the best of ten runs)");
    }

    private static void Drain(LoggingPipeline pipeline, long delivered)
    {
        // Some of them lose records without a word: whoever has lost some must not stop the others.
        var patience = Stopwatch.StartNew();
        while (pipeline.Delivered() < delivered && patience.Elapsed < TimeSpan.FromSeconds(2))
        {
            Thread.Sleep(1);
        }
    }
}
