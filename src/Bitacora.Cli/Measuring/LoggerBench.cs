using System.Diagnostics;
using System.Runtime;
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
    private const int MostCompiled = 3;

    /// <summary>Waking a thread costs some machines far more than a log: every millisecond it would be that which is measured.</summary>
    private const int PaceMilliseconds = 10;

    /// <summary>Several times as long as the runtime waits before it compiles.</summary>
    private static readonly TimeSpan WarmUpRound = TimeSpan.FromSeconds(1);

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

    /// <summary>Two threads, 50,000 logs a second to the server: how many were lost.</summary>
    public static async Task<long> LoadAsync(BitacoraClient client, TimeSpan length, CancellationToken cancellationToken)
    {
        // The server is what the command was given, and perhaps in this process too: it may be slow for a second.
        using var pipeline = new BenchPipeline(
            new ClientDestination(client),
            new BenchLoggerProvider.Options { BatchSize = 1_000, QueueCapacity = 200_000, QueueBytes = 64 << 20 });
        await OnTwoThreadsAsync(pipeline.Logger, LogsOf(length), isPaced: true, cancellationToken);
        await FlushAsync(pipeline, cancellationToken);
        return pipeline.Provider.Statistics.LogsDropped;
    }

    /// <summary>
    /// Two threads, 50,000 logs a second, and nothing behind the provider: the processor time of all threads for a log, theirs included.
    /// </summary>
    public static async Task<TimeSpan> ProcessorAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var pipeline = new BenchPipeline(new ForgettingDestination(), new BenchLoggerProvider.Options());
        await WarmUpAsync(pipeline.Logger, isPaced: true, cancellationToken);
        await FlushAsync(pipeline, cancellationToken);
        var (before, written) = (Environment.CpuUsage.TotalTime, pipeline.Provider.Statistics.LogsWritten);
        await OnTwoThreadsAsync(pipeline.Logger, LogsOf(length), isPaced: true, cancellationToken);
        await FlushAsync(pipeline, cancellationToken);
        return (Environment.CpuUsage.TotalTime - before) / (pipeline.Provider.Statistics.LogsWritten - written);
    }

    /// <summary>
    /// Two threads that log without a pause, a million times together, with nothing behind the provider: how long calls took, and how many
    /// of them a full queue refused.
    /// </summary>
    public static async Task<(Timings Calls, long Dropped)> FlatOutAsync(CancellationToken cancellationToken)
    {
        using var pipeline = new BenchPipeline(new ForgettingDestination(), new BenchLoggerProvider.Options());
        await WarmUpAsync(pipeline.Logger, isPaced: false, cancellationToken);
        var before = pipeline.Provider.Statistics.LogsDropped;
        var calls = new Timings(await OnTwoThreadsAsync(pipeline.Logger, 500_000, isPaced: false, cancellationToken));
        return (calls, pipeline.Provider.Statistics.LogsDropped - before);
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

    /// <summary>Logs until hardly anything is compiled anew any more.</summary>
    private static async Task WarmUpAsync(ILogger logger, bool isPaced, CancellationToken cancellationToken)
    {
        for (var round = 0; round < WarmUpRounds; round++)
        {
            var (compiled, began) = (JitInfo.GetCompiledMethodCount(), Stopwatch.GetTimestamp());
            do
            {
                await OnTwoThreadsAsync(logger, LogsOf(WarmUpRound), isPaced, cancellationToken);
            }
            while (Stopwatch.GetElapsedTime(began) < WarmUpRound / 2);

            if (JitInfo.GetCompiledMethodCount() - compiled <= MostCompiled)
            {
                break;
            }
        }
    }

    private static int LogsOf(TimeSpan length) => (int)length.TotalMilliseconds * LogsAMillisecond;

    private static async Task<IReadOnlyList<TimeSpan>> OnTwoThreadsAsync(
        ILogger logger, int logs, bool isPaced, CancellationToken cancellationToken)
    {
        var threads = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () => Log(logger, logs, isPaced), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return [.. threads[0], .. threads[1]];
    }

    private static TimeSpan[] Log(ILogger logger, int logs, bool isPaced)
    {
        using var scope = logger.InRequest();

        // Filled, so that its pages are there: touching one for the first time costs more than many logs.
        var calls = new TimeSpan[logs];
        Array.Fill(calls, TimeSpan.MaxValue);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls.Length; i++)
        {
            if (isPaced && i % (LogsAMillisecond * PaceMilliseconds) == 0)
            {
                while (Stopwatch.GetElapsedTime(began).TotalMilliseconds < i / LogsAMillisecond)
                {
                    Thread.Sleep(PaceMilliseconds);
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
