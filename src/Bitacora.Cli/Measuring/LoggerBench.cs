using System.Diagnostics;
using Bitacora.Client;
using Bitacora.Delivery;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cli.Measuring;

/// <summary>Measures what a log call of a .NET application costs.</summary>
internal sealed class LoggerBench(TimeProvider clock)
{
    /// <summary>What the original promises: less than so much for a log.</summary>
    public const double GoalMilliseconds = 0.5;

    private const int Burst = 2_000;
    private const int Bursts = 50;
    private const int LogsAMillisecond = 25;
    private const int WarmUpRounds = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>One caller writes logs one after another, as the original's benchmark does, and then waits until all are stored.</summary>
    /// <returns>How long each call took, all of it with the wait, and the counts.</returns>
    public async Task<(Timings Calls, TimeSpan Total, LogStatistics Counts)> OneCallerAsync(
        BitacoraClient client, int logs, CancellationToken cancellationToken)
    {
        using var pipeline = new BenchPipeline(new ClientDestination(client), new BenchLoggerProvider.Options());
        var calls = new TimeSpan[logs];
        var began = clock.GetTimestamp();
        for (var i = 0; i < logs; i++)
        {
            var called = clock.GetTimestamp();
            pipeline.Logger.OrderTaken(i, "Ana", 12.5);
            calls[i] = clock.GetElapsedTime(called);
        }

        await FlushAsync(pipeline, cancellationToken);
        return (new Timings(calls), clock.GetElapsedTime(began), pipeline.Provider.Statistics);
    }

    /// <summary>
    /// A call with three values in a scope, into a queue that is empty: its median over bursts, and the bytes it allocates.
    /// </summary>
    public static async Task<(double Nanoseconds, long Bytes)> CallAsync(BitacoraClient client, CancellationToken cancellationToken)
    {
        using var pipeline = new BenchPipeline(new ClientDestination(client), new BenchLoggerProvider.Options { BatchSize = Burst });
        using var scope = pipeline.Logger.InRequest();
        var times = new List<double>();
        var bytes = 0L;
        for (var burst = -Bursts / 2; burst < Bursts; burst++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            LogBurst(pipeline.Logger, Burst);
            var elapsed = Stopwatch.GetElapsedTime(began);
            if (burst >= 0)
            {
                times.Add(elapsed.TotalNanoseconds / Burst);
                bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
            }

            await FlushAsync(pipeline, cancellationToken);
        }

        times.Sort();
        return (times[Bursts / 2], bytes / (Bursts * Burst));
    }

    /// <summary>
    /// Two threads, 50,000 logs a second: how long calls took, the processor time of all threads for a log, and how many were lost.
    /// </summary>
    public static async Task<(Timings Calls, TimeSpan Processor, long Dropped)> PacedAsync(
        BitacoraClient client, TimeSpan length, CancellationToken cancellationToken)
    {
        // The server is what the command was given, and perhaps in this process too: it may be slow for a second.
        using var pipeline = new BenchPipeline(
            new ClientDestination(client),
            new BenchLoggerProvider.Options { BatchSize = 1_000, QueueCapacity = 200_000, QueueBytes = 64 << 20 });
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var threads = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () => LogPaced(pipeline.Logger, length), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await FlushAsync(pipeline, cancellationToken);
        process.Refresh();
        var logs = threads.Sum(calls => calls.Length);
        return (
            new Timings(threads.SelectMany(calls => calls)), (process.TotalProcessorTime - before) / logs,
            pipeline.Provider.Statistics.LogsDropped);
    }

    /// <summary>A call that a full queue refuses, in nanoseconds.</summary>
    public static double Refusal()
    {
        using var pipeline = new BenchPipeline(new AbsentDestination(), new BenchLoggerProvider.Options { QueueCapacity = 100 });
        LogBurst(pipeline.Logger, Burst);
        var best = double.MaxValue;
        for (var burst = 0; burst < Bursts; burst++)
        {
            var began = Stopwatch.GetTimestamp();
            LogBurst(pipeline.Logger, Burst);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / Burst);
        }

        return best;
    }

    /// <summary>
    /// A million logs in a second, while the destination is away, once the code is compiled: how long that took, and how many were lost.
    /// </summary>
    public async Task<(TimeSpan Logging, long Dropped)> SpoolAsync(string directory, CancellationToken cancellationToken)
    {
        using var pipeline = new BenchPipeline(
            new AbsentDestination(),
            new BenchLoggerProvider.Options
            {
                SpoolDirectory = directory,

                // Larger ones are objects that the collector keeps apart, in memory that is new each time: a third slower.
                BatchSize = 200,
                QueueCapacity = 100_000,
                QueueBytes = 32 << 20,
            });
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await LogFastAsync(pipeline.Logger, TimeSpan.FromMilliseconds(50), cancellationToken);
            var waiting = clock.GetTimestamp();
            while (pipeline.Provider.Statistics.InRing > 0 && clock.GetElapsedTime(waiting) < Patience)
            {
                await Task.Delay(1, cancellationToken);
            }
        }

        var before = pipeline.Provider.Statistics.LogsDropped;
        var took = await LogFastAsync(pipeline.Logger, TimeSpan.FromSeconds(1), cancellationToken);
        return (took, pipeline.Provider.Statistics.LogsDropped - before);
    }

    /// <summary>A million a second.</summary>
    private async Task<TimeSpan> LogFastAsync(ILogger logger, TimeSpan length, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var millisecond = 0; millisecond < length.TotalMilliseconds; millisecond++)
        {
            LogBurst(logger, 1_000);
            while (clock.GetElapsedTime(began) < TimeSpan.FromMilliseconds(millisecond))
            {
                // A loop that looks would take the processor that the queue's threads need.
                await Task.Delay(1, cancellationToken);
            }
        }

        return clock.GetElapsedTime(began);
    }

    private static void LogBurst(ILogger logger, int logs)
    {
        for (var i = 0; i < logs; i++)
        {
            logger.OrderTaken(i, "Ana", 12.5);
        }
    }

    private static TimeSpan[] LogPaced(ILogger logger, TimeSpan length)
    {
        using var scope = logger.InRequest();
        var calls = new TimeSpan[(int)length.TotalMilliseconds * LogsAMillisecond];
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls.Length; i++)
        {
            if (i % LogsAMillisecond == 0)
            {
                while (Stopwatch.GetElapsedTime(began).TotalMilliseconds < i / LogsAMillisecond)
                {
                    Thread.Sleep(1);
                }
            }

            var called = Stopwatch.GetTimestamp();
            logger.OrderTaken(i, "Ana", 12.5);
            calls[i] = Stopwatch.GetElapsedTime(called);
        }

        return calls;
    }

    private static async Task FlushAsync(BenchPipeline pipeline, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        if (!await pipeline.Provider.FlushAsync(limit.Token))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException("The server did not take all logs within five minutes.");
        }
    }

    private sealed class BenchPipeline : IDisposable
    {
        private readonly ILoggerFactory _factory;

        public BenchPipeline(IBatchDestination destination, BenchLoggerProvider.Options options)
        {
            (options.Source, options.ShutdownTimeout, options.SelfLog) = (SampleSender.Source, TimeSpan.Zero, _ => { });
            Provider = new BenchLoggerProvider(options, destination);
            _factory = LoggerFactory.Create(builder => builder.AddProvider(Provider));
            Logger = _factory.CreateLogger("shop.orders");
        }

        public BenchLoggerProvider Provider { get; }

        public ILogger Logger { get; }

        public void Dispose()
        {
            _factory.Dispose();
            Provider.Dispose();
        }
    }
}
