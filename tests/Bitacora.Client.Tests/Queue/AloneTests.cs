using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

/// <summary>Nothing runs beside these: they take the pool away from everybody, or count what the process does.</summary>
[CollectionDefinition(nameof(AloneTests), DisableParallelization = true)]
[Collection(nameof(AloneTests))]
public sealed class AloneTests : QueueTest
{
    private const int Logs = 20_000;

    [Fact]
    public async Task A_starved_pool_delays_neither_the_spool_nor_disposal()
    {
        // The destination answers by the pool, and the pool has no thread for it.
        Destination.Away = "no route";
        using var release = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, 400).Select(_ => Task.Run(release.Wait)).ToArray();
        try
        {
            var ended = false;
            var thread = new Thread(() =>
            {
                var queue = Open(Spooling with { ShutdownTimeout = TimeSpan.FromSeconds(2) });
                WriteMany(queue, 2_000);
                queue.Dispose();
                var now = queue.Snapshot();
                ended = now is { InRing: 0, InSpool: 2_000, LogsDropped: 0 };
            });
            thread.Start();
            thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            ended.ShouldBeTrue();
        }
        finally
        {
            release.Set();
            await Task.WhenAll(blocked);
        }
    }

    [Fact]
    public async Task Who_gives_up_a_flush_leaves_nothing_behind_however_long_the_destination_is_away()
    {
        Destination.Away = "no route";
        await using var queue = Open(Quick with { ShutdownTimeout = TimeSpan.Zero });
        WriteMany(queue, 1);
        using var longLived = new CancellationTokenSource();
        var answered = queue.FlushAsync(longLived.Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 20_000; i++)
        {
            (await queue.FlushAsync(new CancellationToken(canceled: true))).ShouldBeFalse();
        }

        // A waiter has some hundreds of bytes.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(1 << 20);
        answered.IsCompleted.ShouldBeFalse();
        await longLived.CancelAsync();
        (await answered).ShouldBeFalse();
    }

    [Fact]
    public async Task An_idle_queue_allocates_nothing()
    {
        await using var queue = Open(Quick);
        WriteMany(queue, 1_000);
        (await queue.FlushAsync(default)).ShouldBeTrue();

        // The runtime and the runner have their own moments; the queue looks a hundred times a second.
        using var never = new ManualResetEventSlim();
        var least = long.MaxValue;
        for (var trial = 0; trial < 10 && least > 1_000; trial++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            never.Wait(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        least.ShouldBeLessThanOrEqualTo(1_000);
    }

    [Fact]
    public async Task What_is_delivered_leaves_no_more_garbage_than_some_bytes_a_log()
    {
        var destination = new ForgettingDestination();
        await using var queue = LogQueue.Open(Quick, destination, Decoder, Writer, selfLog: Said.Enqueue);
        var text = new byte[300];
        text.AsSpan().Fill((byte)'x');
        var least = long.MaxValue;
        for (var trial = 0; trial < 10 && least > Logs * 30; trial++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Logs; i++)
            {
                while (!queue.TryWrite(Level.Info, text, null))
                {
                    Thread.Yield();
                }
            }

            (await queue.FlushAsync(default)).ShouldBeTrue();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // A batch's object and its request, for a hundred logs; the batches themselves are thirty kilobytes.
        least.ShouldBeLessThanOrEqualTo(Logs * 30);
    }

    /// <summary>Has everything at once, and keeps nothing.</summary>
    private sealed class ForgettingDestination : IBatchDestination
    {
        public ulong DurableThrough => 0;

        public bool KeepsBatches => false;

        public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
            RecordBatch batch, ulong sequence, CancellationToken cancellationToken) => new(RefusedRecord.None);

        public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
            new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }
}
