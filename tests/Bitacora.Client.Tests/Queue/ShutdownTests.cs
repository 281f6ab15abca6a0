using System.Diagnostics;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

public sealed class ShutdownTests : QueueTest
{
    [Fact]
    public async Task What_was_taken_before_disposal_is_delivered_and_no_more_whoever_writes_meanwhile()
    {
        long taken = 0;
        long delivered = 0;
        Destination.Appending = batch =>
        {
            // What the queue says about what it refused is beside what was taken.
            foreach (var record in batch)
            {
                Interlocked.Add(ref delivered, record.Message.SequenceEqual("text"u8) ? 1 : 0);
            }
        };
        for (var round = 0; round < 20; round++)
        {
            var queue = Open(Quick);
            var writers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    long mine = 0;
                    while (true)
                    {
                        if (Write(queue, "text"))
                        {
                            mine++;
                        }
                        else if (queue.Snapshot().DroppedClosed > 0)
                        {
                            return mine;
                        }
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            await UntilAsync(() => queue.Snapshot().Accepted > 100);
            queue.Dispose();
            var written = (await Task.WhenAll(writers)).Sum();
            var now = queue.Snapshot();
            taken += written;
            (now.DroppedShutdown, now.InRing).ShouldBe((0, 0));
            delivered.ShouldBe(taken, $"round {round}");
            ShouldHold(now);
        }
    }

    [Fact]
    public void Disposal_with_a_destination_that_hangs_ends_in_time_and_counts_what_is_lost_by_level()
    {
        Destination.Hang();
        Destination.HeedsCancellation = false;
        var queue = Open(Quick with { ShutdownTimeout = TimeSpan.FromMilliseconds(500), BatchSize = 10 });
        WriteMany(queue, 100);
        for (var i = 0; i < 5; i++)
        {
            Write(queue, "error", Level.Error).ShouldBeTrue();
        }

        var watch = Stopwatch.StartNew();
        queue.Dispose();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        var now = queue.Snapshot();
        (now.DroppedShutdown, now.InRing, now.LogsDropped).ShouldBe((105, 0, 105));
        now.DroppedByLevel.ShouldBe([0, 0, 100, 0, 5, 0]);
        ShouldHold(now);
        Said.ShouldContain("Bitácora: 105 logs were dropped: there was no time to send them.");
    }

    [Fact]
    public void Disposal_with_a_destination_that_hangs_leaves_everything_in_the_spool()
    {
        Destination.Hang();
        Destination.HeedsCancellation = false;
        var queue = Open(Spooling with { ShutdownTimeout = TimeSpan.FromSeconds(2) });
        WriteMany(queue, 1_000);
        var watch = Stopwatch.StartNew();
        queue.Dispose();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(4));
        var now = queue.Snapshot();
        (now.InSpool, now.LogsDropped).ShouldBe((1_000, 0));
        ShouldHold(now);
    }

    [Fact]
    public async Task What_is_refused_while_the_spool_cannot_be_written_keeps_its_place_in_the_queue_and_the_next_process_sends_it()
    {
        var requests = 0;
        Destination.Appending = _ => throw (Interlocked.Increment(ref requests) == 1
            ? new BatchRefusedException("poison")
            : new IOException("no route"));
        var queue = Open(Spooling with
        {
            BatchSize = 10,
            FlushPeriod = TimeSpan.FromHours(1),
            ShutdownTimeout = TimeSpan.FromSeconds(1),
        });
        var noLog = Path.Combine(Directory.GetDirectories(Spool, "process-*").Single(), "wal");
        await File.WriteAllTextAsync(noLog, "", TestContext.Current.CancellationToken);
        WriteMany(queue, 10);
        await UntilAsync(() => queue.Snapshot() is { InSpool: 10, SpoolProblem: not null });
        ShouldHold(queue.Snapshot());
        queue.Dispose();
        var now = queue.Snapshot();
        (now.InSpool, now.LogsDropped).ShouldBe((10, 0));
        ShouldHold(now);
        File.Delete(noLog);
        Destination.Appending = null;
        await using var heir = Open(Spooling);
        await UntilAsync(() => heir.Snapshot().Adopted == 10);
        (await heir.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(10));
    }

    [Fact]
    public async Task What_is_refused_while_the_spool_cannot_be_written_leaves_the_queue_when_its_fate_is_known()
    {
        Destination.Appending = LogQueueTests.Poison("000005");
        await using var queue = Open(Spooling);
        var noLog = Path.Combine(Directory.GetDirectories(Spool, "process-*").Single(), "wal");
        await File.WriteAllTextAsync(noLog, "", TestContext.Current.CancellationToken);
        WriteMany(queue, 1_000);
        (await queue.FlushAsync(default)).ShouldBeFalse();
        var now = queue.Snapshot();
        (now.LogsWritten, now.DroppedRefused, now.InRing, now.InSpool).ShouldBe((999, 1, 0, 0));
        await UntilAsync(() => queue.Snapshot().RingBytes == 0);
        File.Delete(noLog);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposal_while_an_entry_is_decoded_without_end_counts_what_the_queue_holds_and_says_so(bool isAsync)
    {
        using var goOn = new ManualResetEventSlim();
        Decoder.Decoding = _ => goOn.Wait();
        var queue = Open(Quick with { ShutdownTimeout = TimeSpan.FromMilliseconds(100) });
        WriteMany(queue, 50);
        if (isAsync)
        {
            await queue.DisposeAsync();
        }
        else
        {
            queue.Dispose();
        }

        var now = queue.Snapshot();
        (now.DroppedShutdown, now.InRing, now.LogsDropped).ShouldBe((50, 0, 50));
        ShouldHold(now);
        Said.ShouldContain("Bitácora: 50 logs were dropped: there was no time to send them.");

        // What goes on after all is told once, and adds up.
        goOn.Set();
        await queue.DisposeAsync();
        now = queue.Snapshot();
        ShouldHold(now);
        (now.LogsWritten + now.DroppedShutdown).ShouldBe(50);
        Said.Count(text => text.Contains("were dropped")).ShouldBe(1);
    }

    [Fact]
    public void Disposal_while_an_entry_is_decoded_without_end_drops_nothing_where_the_queue_is_a_file()
    {
        using var goOn = new ManualResetEventSlim();
        Decoder.Decoding = _ => goOn.Wait();
        var queue = Open(Spooling with { ShutdownTimeout = TimeSpan.Zero });
        WriteMany(queue, 50);
        queue.Dispose();
        var now = queue.Snapshot();
        goOn.Set();
        (now.InRing, now.LogsDropped).ShouldBe((50, 0));
        Said.ShouldBeEmpty();
        queue.Dispose();
    }

    [Fact]
    public async Task A_destination_that_blocks_keeps_nobody_from_the_counts_and_what_is_lost_with_it_is_counted()
    {
        using var goOn = new ManualResetEventSlim();
        using var isBlocked = new ManualResetEventSlim();
        Destination.Appending = _ =>
        {
            isBlocked.Set();
            goOn.Wait();
        };
        var queue = Open(Quick with { ShutdownTimeout = TimeSpan.FromMilliseconds(100) });
        try
        {
            WriteMany(queue, 50);
            isBlocked.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken).ShouldBeTrue();
            var now = await Task.Run(queue.Snapshot, TestContext.Current.CancellationToken).WaitAsync(
                TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            (now.Accepted, now.InRing).ShouldBe((50, 50));
            queue.Dispose();
            now = queue.Snapshot();
            (now.DroppedShutdown, now.InRing, now.LogsDropped).ShouldBe((50, 0, 50));
            Said.ShouldContain("Bitácora: 50 logs were dropped: there was no time to send them.");
        }
        finally
        {
            goOn.Set();
            await queue.DisposeAsync();
        }

        ShouldHold(queue.Snapshot());
    }

    [Fact]
    public async Task Disposal_twice_and_writing_afterwards_do_nothing_but_count()
    {
        var queue = Open(Quick);
        WriteMany(queue, 10);
        queue.Dispose();
        queue.Dispose();
        await queue.DisposeAsync();
        Write(queue, "late", Level.Warning).ShouldBeFalse();
        queue.FlushToDisk();
        (await queue.FlushAsync(default)).ShouldBeTrue();
        var now = queue.Snapshot();
        (now.Accepted, now.LogsWritten, now.DroppedClosed, now.LogsQueued).ShouldBe((10, 10, 1, 11));
        Destination.Count.ShouldBe(10);
    }

    [Fact]
    public void Disposal_under_a_single_threaded_synchronisation_context_ends()
    {
        var context = new NeverRunsContext();
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            using var queue = Open(Quick);
            WriteMany(queue, 100);
        });
        thread.Start();
        thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        Destination.Count.ShouldBe(100);
        context.Posts.ShouldBe(0);
    }

    [Fact]
    public async Task A_crash_hook_brings_memory_away_and_the_queue_goes_on()
    {
        await using var queue = Open(new LogQueueOptions { FlushPeriod = TimeSpan.FromHours(1) });
        WriteMany(queue, 50);
        queue.FlushToDisk();
        Destination.Count.ShouldBe(50);
        WriteMany(queue, 50, from: 50);
        queue.FlushToDisk();
        Destination.Messages.ShouldBe(Names(100));
    }

    private sealed class NeverRunsContext : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback d, object? state) => Posts++;

        public override void Send(SendOrPostCallback d, object? state) => Posts++;
    }
}
