using System.Diagnostics;
using System.Globalization;
using System.Runtime;
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
    private const int WarmUpSeconds = 2;
    private const int MostCompiled = 3;
    private const int PacedSeconds = 10;

    /// <summary>A million calls.</summary>
    private const int FlatOutSeconds = 20;
    private const int PerMillisecond = 25;

    /// <summary>Longer than the longest time after which any of them sends a batch by its own defaults.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How long each thread sleeps between what it logs. Waking a thread costs far more than a log on some machines: every millisecond it
    /// is the benchmark's own wake-ups that are counted, every ten what is logged.
    /// </summary>
    private static readonly int[] PaceMilliseconds = [1, 10];

    private static readonly Func<ILogger, string, string, IDisposable?> InRequest =
        LoggerMessage.DefineScope<string, string>("request {RequestId} of {Tenant}");

    public static void Run(string[] names)
    {
        var chosen = LoggingPipelines.All
            .Where(one => names.Length == 0 || names.Any(name => one.Name.Contains(name, StringComparison.OrdinalIgnoreCase))).ToList();
        var pipelines = chosen.ConvertAll(one => one.Open(one.Name, true));
        Console.WriteLine("| [LoggerMessage] into an empty queue | ns, median (10th percentile) | bytes, all threads |");
        Console.WriteLine("|---|---|---|");
        Bursts(pipelines, "no parameters", BenchMessages.Simple, isInScope: false);
        Bursts(pipelines, "3 parameters in a scope", logger => BenchMessages.Structured(logger, 4711, "Ana", 12.5), isInScope: true);
        Console.WriteLine();
        pipelines.ForEach(pipeline => pipeline.Dispose());
        foreach (var pace in PaceMilliseconds)
        {
            Console.WriteLine(
                $"| 2 threads, 50,000 a second, every {pace} ms | µs of CPU a log | latency p50 / p99 / p99.9 / max | lost |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var (name, open) in chosen)
            {
                // By itself: the threads of another one, though it has nothing to do, would be counted too.
                using var pipeline = open(name, false);
                Paced(pipeline, pace);
            }
        }

        Console.WriteLine();
        Console.WriteLine("| 2 threads as fast as they can | latency p50 / p99 / p99.9 / max | lost |");
        Console.WriteLine("|---|---|---|");
        foreach (var (name, open) in chosen)
        {
            using var pipeline = open(name, false);
            FlatOut(pipeline);
        }

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
                var delivered = pipeline.Delivered;
                var allocated = GC.GetTotalAllocatedBytes(precise: true);
                var started = Stopwatch.GetTimestamp();
                for (var n = 0; n < Burst; n++)
                {
                    call(pipeline.Logger);
                }

                var elapsed = Stopwatch.GetElapsedTime(started);
                Wait(pipeline, delivered + Burst, milliseconds: 1);
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

        WarmUp(pipeline, pace);
        var latencies = LogOnTwoThreads(pipeline, pace, PacedSeconds, out var spent, out var lost);
        Measure.Row(pipeline.Name, $"{spent.TotalMicroseconds / latencies.Length:F2} | {Percentiles(latencies)} | {lost}");
    }

    /// <summary>Calls without a pause: what they cost where processors know what they need, and queues are full.</summary>
    private static void FlatOut(LoggingPipeline pipeline)
    {
        using var scope = InRequest(pipeline.Logger, "0HN7:00000001", "north");
        WarmUp(pipeline, pace: 0);
        var latencies = LogOnTwoThreads(pipeline, 0, FlatOutSeconds, out _, out var lost);
        Measure.Row(pipeline.Name, $"{Percentiles(latencies)} | {lost}");
    }

    /// <summary>
    /// Logs until hardly anything is compiled anew any more: that, and memory that is touched for the first time, is of no provider.
    /// </summary>
    private static void WarmUp(LoggingPipeline pipeline, int pace)
    {
        var patience = Stopwatch.StartNew();
        long compiled;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            var round = Stopwatch.StartNew();
            do
            {
                LogOnTwoThreads(pipeline, pace, WarmUpSeconds, out _, out _);
            }
            while (round.Elapsed.TotalSeconds < WarmUpSeconds / 2.0);
        }
        while (JitInfo.GetCompiledMethodCount() - compiled > MostCompiled && patience.Elapsed < LongestWarmUp);
    }

    private static string Percentiles(long[] latencies)
    {
        Array.Sort(latencies);
        return $"{Of(0.5)} / {Of(0.99)} / {Of(0.999)} / {Of(1)}";

        string Of(double share) => (latencies[(int)((latencies.Length - 1) * share)] * (1e9 / Stopwatch.Frequency))
            .ToString(share < 1 ? "F0" : "N0", CultureInfo.InvariantCulture) + " ns";
    }

    private static long[] LogOnTwoThreads(LoggingPipeline pipeline, int pace, int seconds, out TimeSpan spent, out long lost)
    {
        // Filled, so that its pages are there: touching one for the first time costs more than many logs.
        var latencies = new long[2 * seconds * 1000 * PerMillisecond];
        Array.Fill(latencies, 1);
        var delivered = pipeline.Delivered;
        var cpu = Environment.CpuUsage.TotalTime;
        var context = ExecutionContext.Capture()!;
        var half = latencies.Length / 2;
        var threads = Enumerable.Range(0, 2).Select(thread => new Thread(() => ExecutionContext.Run(
            context, _ => LogPaced(pipeline.Logger, pace, latencies.AsSpan(thread * half, half)), null))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        lost = Wait(pipeline, delivered + latencies.Length, milliseconds: 100);
        spent = Environment.CpuUsage.TotalTime - cpu;
        return latencies;
    }

    private static void LogPaced(ILogger logger, int pace, Span<long> latencies)
    {
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < latencies.Length; n++)
        {
            if (pace > 0 && n % (PerMillisecond * pace) == 0)
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
    }

    private static void Refusals()
    {
        using var pipeline = LoggingPipelines.Bitacora("Bitácora", null, isPrompt: true, capacity: 100, isAway: true);
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

    /// <summary>
    /// Waits until all has arrived, and looks so often. How many never did: some lose records without a word, and must not stop the others.
    /// </summary>
    private static long Wait(LoggingPipeline pipeline, long delivered, int milliseconds)
    {
        if (!pipeline.Delivers)
        {
            return 0;
        }

        var patience = Stopwatch.StartNew();
        while (pipeline.Delivered < delivered && patience.Elapsed < Patience)
        {
            Thread.Sleep(milliseconds);
        }

        return Math.Max(0, delivered - pipeline.Delivered);
    }
}
