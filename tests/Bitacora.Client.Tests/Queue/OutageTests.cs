using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

public sealed class OutageTests(ITestOutputHelper output) : QueueTest
{
    private const int LogsPerSecond = 5_000;

    [Fact(Explicit = true)]
    public Task Ten_minutes_away_at_5000_logs_a_second_lose_nothing_and_live_logs_are_not_late_while_the_rest_is_replayed() =>
        RunAsync(TimeSpan.FromMinutes(10));

    /// <summary>Away for a time, back for half a minute more; logs go on all the while.</summary>
    private async Task RunAsync(TimeSpan away)
    {
        var watch = Stopwatch.StartNew();
        var late = TimeSpan.Zero;

        // The queue may take 5 s to notice that the destination is back.
        var settled = away + TimeSpan.FromSeconds(6);
        Destination.Appending = batch =>
        {
            var now = watch.Elapsed;
            foreach (var record in batch)
            {
                var written = TimeSpan.FromTicks(long.Parse(record.Message, CultureInfo.InvariantCulture));
                late = written > settled && now - written > late ? now - written : late;
            }
        };
        Destination.Away = "no route";
        await using var queue = Open(new LogQueueOptions { SpoolDirectory = Spool });
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        long written = 0;
        for (var end = away + TimeSpan.FromSeconds(30); watch.Elapsed < end;)
        {
            Destination.Away = watch.Elapsed < away ? "no route" : null;
            for (; written < watch.Elapsed.TotalSeconds * LogsPerSecond; written++)
            {
                var text = Encoding.UTF8.GetBytes(watch.Elapsed.Ticks.ToString(CultureInfo.InvariantCulture));
                queue.TryWrite(Level.Info, text, null).ShouldBeTrue();
            }

            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        (await queue.FlushAsync(default)).ShouldBeTrue();
        output.WriteLine($"{written} written, the latest live log {late.TotalSeconds:0.00} s late, {watch.Elapsed} in all");
        Destination.Count.ShouldBe((int)written);
        late.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
