using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

public sealed class ChaosTests : QueueTest
{
    [Fact]
    public Task The_counters_agree_at_every_instant_whatever_the_destination_does() => RunAsync(Spooling, seconds: 4, seed: 17);

    [Fact]
    public Task The_counters_agree_at_every_instant_without_a_spool() => RunAsync(Quick, seconds: 3, seed: 18);

    [Fact(Explicit = true)]
    public Task The_counters_agree_at_every_instant_for_ten_minutes() =>
        RunAsync(Spooling, seconds: 600, seed: Environment.TickCount);

    private async Task RunAsync(LogQueueOptions options, int seconds, int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Destination.Answering = static _ =>
        {
            if (Random.Shared.Next(10) == 0)
            {
                throw new IOException("reset");
            }
        };
        Destination.Appending = batch =>
        {
            foreach (var record in batch)
            {
                if (record.Message.IndexOf("poison"u8) >= 0)
                {
                    throw new Delivery.BatchRefusedException("poison");
                }
            }
        };
        await using var queue = Open(options with { QueueCapacity = 2_000 });
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        long taken = 0;
        long refused = 0;
        long poison = 0;
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Factory.StartNew(
            () =>
            {
                var own = new Random(seed + writer);
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    var isPoison = own.Next(5_000) == 0;
                    var text = Encoding.UTF8.GetBytes($"{writer} {i} {(isPoison ? "poison" : "")}");
                    if (queue.TryWrite((Level)own.Next(6), text, null))
                    {
                        Interlocked.Increment(ref taken);
                        Interlocked.Add(ref poison, isPoison ? 1 : 0);
                    }
                    else
                    {
                        Interlocked.Increment(ref refused);
                        Thread.Yield();
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        using var change = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (long written = 0; !stop.IsCancellationRequested;)
        {
            await change.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            Destination.Away = random.Next(3) == 0 ? "away" : null;
            for (var look = 0; look < 200; look++)
            {
                var now = queue.Snapshot();
                ShouldHold(now);
                now.LogsWritten.ShouldBeGreaterThanOrEqualTo(written);
                written = now.LogsWritten;
            }
        }

        await Task.WhenAll(writers);
        Destination.Away = null;
        Destination.Answering = null;
        await queue.FlushAsync(default);
        await UntilAsync(() => queue.Snapshot() is { InRing: 0, InSpool: 0 });
        var end = queue.Snapshot();
        ShouldHold(end);
        end.DroppedFull.ShouldBe(refused);
        (end.Dead + end.DroppedRefused).ShouldBe(poison);
        end.LogsWritten.ShouldBe(Destination.Count);

        // What the queue says about what it refused is beside what was taken.
        var own = Destination.Stored.Count(record => record.Logger == "Bitacora");
        (end.Accepted - own, end.LogsWritten - own + poison).ShouldBe((taken, taken));
    }
}
