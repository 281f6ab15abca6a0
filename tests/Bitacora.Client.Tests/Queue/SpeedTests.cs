using System.Diagnostics;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

/// <summary>What the machine makes of it; long, and printed rather than judged, but for what must not be dropped.</summary>
public sealed class SpeedTests(ITestOutputHelper output) : QueueTest
{
    [Fact(Explicit = true)]
    public async Task A_million_logs_a_second_go_into_the_spool_and_none_is_dropped()
    {
        Destination.Away = "no route";

        // So many are more than the default bound of a spool.
        await using var queue = Open(Spooling with { QueueCapacity = 100_000, QueueBytes = 32 << 20, MaxSpoolBytes = 4L << 30 });
        for (var round = 0; round < 10; round++)
        {
            await WriteAsync(queue, 100_000);
            await UntilAsync(() => queue.Snapshot().InRing == 0);
        }

        var began = Stopwatch.GetTimestamp();
        var refused = await WriteAsync(queue, 3_000_000);
        var took = Stopwatch.GetElapsedTime(began);
        await UntilAsync(() => queue.Snapshot().InRing == 0);
        output.WriteLine(
            $"{3_000_000 / took.TotalSeconds:N0} logs/s, {refused} refused, all in the spool after {Stopwatch.GetElapsedTime(began)}");
        refused.ShouldBe(0);
    }

    [Fact(Explicit = true)]
    public async Task What_a_call_takes()
    {
        foreach (var spool in new[] { null, Spool })
        {
            await using var queue = Open(new LogQueueOptions { SpoolDirectory = spool });
            var entry = new byte[100];
            var taken = new List<double>();
            var refused = new List<double>();
            for (var round = 0; round < 300; round++)
            {
                var began = Stopwatch.GetTimestamp();
                var count = 0;
                for (var i = 0; i < 2_000; i++)
                {
                    count += queue.TryWrite(Level.Info, entry, null) ? 1 : 0;
                }

                taken.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds / 2_000);
                count.ShouldBe(2_000);
                (await queue.FlushAsync(default)).ShouldBeTrue();
            }

            var goOn = Destination.Hang();
            while (queue.TryWrite(Level.Info, entry, null))
            {
            }

            for (var round = 0; round < 100; round++)
            {
                var began = Stopwatch.GetTimestamp();
                for (var i = 0; i < 2_000; i++)
                {
                    queue.TryWrite(Level.Info, entry, null);
                }

                refused.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds / 2_000);
            }

            goOn();
            output.WriteLine($"{(spool is null ? "memory" : "file")}: taken {Median(taken):0} ns, refused {Median(refused):0} ns");
        }
    }

    /// <summary>A million a second; who looks at the clock in a loop would take the processor that the queue's threads need.</summary>
    private static async Task<int> WriteAsync(LogQueue queue, int count)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var entry = new byte[100];
        var (written, refused) = (0, 0);
        for (var began = Stopwatch.GetTimestamp(); written < count; await tick.WaitForNextTickAsync())
        {
            for (var due = Math.Min(count, Stopwatch.GetElapsedTime(began).TotalMicroseconds); written < due; written++)
            {
                refused += queue.TryWrite(Level.Info, entry, null) ? 0 : 1;
            }
        }

        return refused;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
