using Bitacora.Records;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

public class BatchPipelineTests
{
    private static readonly PipelineOptions OneAtATime = new() { GroupBatches = 1, MaxUndeliveredBatches = 1 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_acknowledged_batch_is_durable_and_stored()
    {
        await using var running = await RunningPipeline.StartAsync();
        (await running.AcceptAsync(Batches.Of(0, 3))).ShouldBe(new AcceptResult(3, 0));
        running.Destination.Names.ShouldBe(Batches.Names(Batches.Of(0, 3)));
        new OpenLog(running.Files.AfterPowerLoss()).Recovered.Count.ShouldBe(1);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(3, 0, 3, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Batches_reach_the_destination_in_the_order_of_the_log()
    {
        await using var running = await RunningPipeline.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => running.AcceptAsync(Batches.Of((ulong)i, 1)), Cancelled)));
        running.Destination.Stored.Select(stored => stored.Sequence).ShouldBe(Enumerable.Range(1, 200).Select(i => (ulong)i));
    }

    [Fact]
    public async Task What_comes_again_is_acknowledged_and_not_stored()
    {
        await using var running = await RunningPipeline.StartAsync();
        await running.AcceptAsync(Batches.Of(0, 3));
        (await running.AcceptAsync(Batches.Of(0, 3))).ShouldBe(new AcceptResult(3, 3));
        (await running.AcceptAsync(Batches.Of(1, 4))).ShouldBe(new AcceptResult(4, 2));
        running.Destination.Names.ShouldBe(Batches.Names(Batches.Of(0, 5)));
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(10, 0, 5, 5, 0, 0, 0));
    }

    [Fact]
    public async Task The_same_positions_of_another_sender_or_origin_are_other_records()
    {
        await using var running = await RunningPipeline.StartAsync();
        await running.AcceptAsync(Batches.Of(0, 2));
        (await running.AcceptAsync(Batches.Of(0, 2, sender: 7))).Duplicates.ShouldBe(0);
        (await running.AcceptAsync(Batches.Of(0, 2, Batches.Second))).Duplicates.ShouldBe(0);
        running.Destination.Stored.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_comes_twice_in_one_group_is_stored_once()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        var results = await HeldTogetherAsync(running, Batches.Of(0, 4), Batches.Of(0, 4), Batches.Of(2, 4));
        results.ShouldBe([new(4, 0), new(4, 4), new(4, 2)]);
        running.Destination.Names.Skip(1).ShouldBe(Batches.Names(Batches.Of(0, 6)));
    }

    /// <summary>
    /// Were both written before either is durable, a crash could tear the first and leave the second, which covers the first's positions:
    /// the sender's repeat would then be taken for a duplicate of what nobody has.
    /// </summary>
    [Fact]
    public async Task A_batch_that_overlaps_another_is_written_only_when_that_one_is_durable()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        var durable = new List<int>();
        files.Flushed = () => durable.Add(new OpenLog(files.AfterKill()).Recovered.Count);
        await HeldTogetherAsync(running, Batches.Of(0, 4), Batches.Of(0, 4), Batches.Of(10, 2), Batches.Of(2, 4), Batches.Of(20, 1));
        durable.ShouldBe([1, 3, 5]);
    }

    [Fact]
    public async Task A_repeat_is_not_acknowledged_before_the_first_copy_is_durable()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        using var flushing = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        Task<AcceptResult>[] copies = [];
        var acknowledgedEarly = false;
        files.Flushing = () =>
        {
            flushing.Release();
            go.Wait();
            acknowledgedEarly |= copies.Any(copy => copy.IsCompleted);
        };
        var plug = running.AcceptAsync(Batches.Of(1_000_000, 1, sender: 99));
        await flushing.WaitAsync(Cancelled);
        copies = [running.AcceptAsync(Batches.Of(0, 1)), running.AcceptAsync(Batches.Of(0, 1))];
        go.Release();
        await plug;
        await flushing.WaitAsync(Cancelled);
        go.Release();
        (await Task.WhenAll(copies)).Select(copy => copy.Duplicates).ShouldBe([0, 1]);
        acknowledgedEarly.ShouldBeFalse();
        files.Flushing = null;

        // The other way round: the group fails, so neither copy is acknowledged, and the positions are free.
        files.FreeBytes = 10;
        var both = await Task.WhenAll(
            FailureOf<WalUnavailableException>(running.AcceptAsync(Batches.Of(9, 1))),
            FailureOf<WalUnavailableException>(running.AcceptAsync(Batches.Of(9, 1))));
        both.ShouldAllBe(failure => failure.Message.Contains("No space left", StringComparison.Ordinal));
        files.FreeBytes = 1 << 20;
        (await running.AcceptAsync(Batches.Of(9, 1))).ShouldBe(new AcceptResult(1, 0));
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(6, 2, 3, 1, 0, 0, 0));
    }

    [Fact]
    public async Task Callers_share_an_fsync()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        var before = files.Flushes;
        await HeldTogetherAsync(running, [.. Enumerable.Range(0, 50).Select(i => Batches.Of((ulong)i, 1))]);
        (files.Flushes - before).ShouldBeLessThanOrEqualTo(3, "one for the group that was held, one or two for all others");
    }

    [Fact]
    public async Task When_the_destination_holds_written_batches_are_acknowledged_and_others_refused()
    {
        await using var running = await RunningPipeline.StartAsync(options: OneAtATime);
        var release = running.Destination.Hold();
        var written = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => running.Pipeline.UndeliveredBytes > 0);
        var waiting = running.AcceptAsync(Batches.Of(1, 2));
        running.Clock.Advance(TimeSpan.FromSeconds(4));
        written.IsCompleted.ShouldBeFalse();
        waiting.IsCompleted.ShouldBeFalse();
        running.Clock.Advance(TimeSpan.FromSeconds(1.1));

        (await written).ShouldBe(new AcceptResult(1, 0));
        await FailureOf<PipelineFullException>(waiting);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(3, 2, 0, 0, 1, 0, 0));
        release();
        await running.AcceptAsync(Batches.Of(5, 1));
        running.Destination.Names.ShouldBe(Batches.Names([Batches.Of(0, 1), Batches.Of(5, 1)]), "a refused batch is not written");
        (await running.AcceptAsync(Batches.Of(1, 2))).Duplicates.ShouldBe(0, "its positions are free");
    }

    [Fact]
    public async Task A_batch_whose_caller_gave_up_before_it_was_written_is_not_written()
    {
        await using var running = await RunningPipeline.StartAsync(options: OneAtATime);
        var release = running.Destination.Hold();
        var first = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => running.Pipeline.UndeliveredBytes > 0);
        using var caller = new CancellationTokenSource();
        var second = running.Pipeline.AcceptAsync(Batches.Of(1, 2), caller.Token);
        await caller.CancelAsync();
        await FailureOf<TaskCanceledException>(second);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(3, 2, 0, 0, 1, 0, 0));
        release();
        await first;
        await running.AcceptAsync(Batches.Of(3, 1));
        running.Destination.Names.ShouldBe(Batches.Names([Batches.Of(0, 1), Batches.Of(3, 1)]));
    }

    [Fact]
    public async Task A_batch_whose_caller_gave_up_after_it_was_written_is_pending_until_it_is_stored()
    {
        await using var running = await RunningPipeline.StartAsync();
        var release = running.Destination.Hold();
        using var caller = new CancellationTokenSource();
        var written = running.Pipeline.AcceptAsync(Batches.Of(0, 2), caller.Token);
        await UntilAsync(() => running.Pipeline.UndeliveredBytes > 0);
        await caller.CancelAsync();
        await FailureOf<TaskCanceledException>(written);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(2, 0, 0, 0, 2, 0, 0));
        release();
        (await running.AcceptAsync(Batches.Of(0, 2))).Duplicates.ShouldBe(2);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(4, 0, 2, 2, 0, 0, 0));
    }

    [Fact]
    public async Task A_queue_beyond_its_bytes_refuses_at_once()
    {
        await using var running = await RunningPipeline.StartAsync(options: OneAtATime with { MaxWaitingBytes = 500 });
        var release = running.Destination.Hold();
        var first = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => running.Pipeline.UndeliveredBytes > 0);
        var second = running.AcceptAsync(Batches.Of(1, 1, messageBytes: 300));
        await FailureOf<PipelineFullException>(running.AcceptAsync(Batches.Of(2, 1, messageBytes: 300)));
        release();
        await Task.WhenAll(first, second);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(3, 1, 2, 0, 0, 0, 0));
    }

    [Fact]
    public async Task After_a_failed_fsync_nothing_is_acknowledged()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        await running.AcceptAsync(Batches.Of(0, 1));
        files.FailFlush = true;
        await FailureOf<WalUnavailableException>(running.AcceptAsync(Batches.Of(1, 1)));
        running.FailedFast.ShouldNotBeNull();
        files.FailFlush = false;
        await FailureOf<WalUnavailableException>(running.AcceptAsync(Batches.Of(2, 1)));
        running.Destination.Names.ShouldBe(Batches.Names(Batches.Of(0, 1)));
        running.Pipeline.Counters.Live.IsConsistent.ShouldBeTrue();
        running.Pipeline.Counters.Live.Pending.ShouldBe(2, "nobody knows whether they are on the disk");
    }

    [Fact]
    public async Task A_start_gives_on_what_the_destination_does_not_have_and_knows_its_positions()
    {
        var files = new FaultyFiles();
        var clock = RunningPipeline.Start();
        var before = new TestDestination();
        await using (var running = await RunningPipeline.StartAsync(files, before, clock))
        {
            for (var i = 0UL; i < 5; i++)
            {
                await running.AcceptAsync(Batches.Of(i * 2, 2));
            }
        }

        var destination = new TestDestination();
        destination.MakeDurable(3);
        var stored = new OriginPositions(SenderId.None, Batches.First, [new PositionRange(0, 6)], RecordTime.Now(clock));
        await using var again = await RunningPipeline.StartAsync(files.AfterPowerLoss(), destination, clock, stored: stored);
        destination.Stored.Select(entry => entry.Sequence).ShouldBe([4, 5]);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(4, 0, 4, 0, 0, 0, 0));
        again.Pipeline.Counters.Live.ShouldBe(default);
        again.Pipeline.Positions(Batches.First).ShouldHaveSingleItem().Ranges.ShouldBe([new PositionRange(0, 10)]);
        (await again.AcceptAsync(Batches.Of(0, 12))).ShouldBe(new AcceptResult(12, 10));
        destination.Stored[^1].Sequence.ShouldBe(6UL);
    }

    [Fact]
    public async Task A_start_does_not_wait_for_ever_for_a_destination_that_takes_nothing()
    {
        var files = new FaultyFiles();
        await using (var running = await RunningPipeline.StartAsync(files))
        {
            for (var i = 0UL; i < 5; i++)
            {
                await running.AcceptAsync(Batches.Of(i, 1));
            }
        }

        var destination = new TestDestination();
        var clock = RunningPipeline.Start();
        Action? release = null;
        destination.Appending = batch => release ??= batch.Origins[0].First == 1 ? destination.Hold() : null;
        var starting = RunningPipeline.StartAsync(files, destination, clock);
        await UntilAsync(() => release is not null);
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return starting.IsCompleted;
        });
        await using var again = await starting;
        again.Logger.Said.Select(said => said.Id).ShouldContain(1035);
        again.Logger.Said.Single(said => said.Id == 1035).Text.ShouldContain("batch 3");
        again.Pipeline.Counters.Recovered.Pending.ShouldBe(3);

        // Order is kept: what comes now waits for what came before, and is refused; what is there already is known.
        var refused = again.AcceptAsync(Batches.Of(5, 1));
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return refused.IsCompleted;
        });
        (await Should.ThrowAsync<PipelineFullException>(refused)).Message.ShouldEndWith(
            "the store has yet to take 3 records that the write-ahead log held at the start, and new ones wait behind them.");
        again.Pipeline.StartBehind.ShouldNotBeNull();

        release!();
        await UntilAsync(() => again.Pipeline.Counters.Recovered.Pending == 0 && again.Pipeline.LeftInLogRecords == 0);
        (await again.AcceptAsync(Batches.Of(4, 2))).ShouldBe(new AcceptResult(2, 1));
        again.Pipeline.StartBehind.ShouldBeNull();
        await UntilAsync(() => destination.Stored.Count == 6);
        destination.Names.ShouldBe(Batches.Names(Batches.Of(0, 6)));
        destination.Stored.Select(stored => stored.Sequence).ShouldBe([1, 2, 3, 4, 5, 6]);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(5, 0, 5, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Files_are_removed_as_the_destination_becomes_durable()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        for (var i = 0UL; i < 8; i++)
        {
            await running.AcceptAsync(Batches.Of(i, 1, messageBytes: 2000));
        }

        var count = files.List().Count;
        count.ShouldBeGreaterThan(3);
        running.Destination.MakeDurable(8);

        // One after the other; the one that is written stays.
        await UntilAsync(() => files.List().Count == 1);
    }

    [Fact]
    public async Task Positions_are_forgotten_some_time_after_the_last_batch()
    {
        // Hours instead of days: the clock's timers run each tenth of a second.
        var options = new PipelineOptions { KnowOriginsFor = TimeSpan.FromHours(8), KeepFor = TimeSpan.FromHours(7) };
        await using var running = await RunningPipeline.StartAsync(options: options);
        await running.AcceptAsync(Batches.Of(0, 1));
        running.Clock.Advance(TimeSpan.FromHours(7.5));
        (await running.AcceptAsync(Batches.Of(0, 1))).Duplicates.ShouldBe(1, "and it was seen again");
        running.Clock.Advance(TimeSpan.FromHours(7.5));
        await running.AcceptAsync(Batches.Of(0, 1, Batches.Second));
        running.Pipeline.KnownOrigins.ShouldBe(2);
        running.Clock.Advance(TimeSpan.FromHours(1.5));
        await running.AcceptAsync(Batches.Of(1, 1, Batches.Second));
        await running.StopAsync();
        running.Pipeline.Positions(Batches.First).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_that_the_destination_does_not_take_for_too_long_is_a_dead_letter()
    {
        var files = new FaultyFiles();
        var clock = RunningPipeline.Start();
        var options = new PipelineOptions { KeepFor = TimeSpan.FromHours(7) };
        await using (var running = await RunningPipeline.StartAsync(files, clock: clock, options: options))
        {
            await running.AcceptAsync(Batches.Of(0, 2));
            clock.Advance(TimeSpan.FromHours(2));
            await running.AcceptAsync(Batches.Of(2, 1));
        }

        clock.Advance(TimeSpan.FromHours(5.5));
        var destination = new TestDestination
        {
            Appending = batch =>
            {
                if (batch[0].Position == 0)
                {
                    throw new IOException("away");
                }
            },
        };
        await using var again = await RunningPipeline.StartAsync(files, destination, clock, options);
        again.Destination.Names.ShouldBe(Batches.Names(Batches.Of(2, 1)));
        again.DeadLetters.Read().ShouldHaveSingleItem().Reason.ShouldContain("0.29 days; last: away");
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(3, 0, 1, 0, 0, 0, 2));
    }

    [Fact]
    public async Task A_process_that_was_away_for_long_gives_on_what_it_had_acknowledged()
    {
        var files = new FaultyFiles();
        var clock = RunningPipeline.Start();
        await using (var running = await RunningPipeline.StartAsync(files, clock: clock))
        {
            (await running.AcceptAsync(Batches.Of(0, 2))).Accepted.ShouldBe(2);
        }

        clock.Advance(TimeSpan.FromDays(30));
        await using var again = await RunningPipeline.StartAsync(files, clock: clock);
        again.Destination.Names.ShouldBe(Batches.Names(Batches.Of(0, 2)));
        again.DeadLetters.Count.ShouldBe(0);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(2, 0, 2, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Stopping_gives_on_what_waits_and_takes_no_more()
    {
        await using var running = await RunningPipeline.StartAsync(options: OneAtATime);
        var release = running.Destination.Hold();
        var accepted = Enumerable.Range(0, 5).Select(i => running.AcceptAsync(Batches.Of((ulong)i, 1))).ToArray();
        var stopping = running.StopAsync();
        await FailureOf<PipelineFullException>(running.AcceptAsync(Batches.Of(9, 1)));
        release();
        await stopping;
        await Task.WhenAll(accepted);
        running.Destination.Stored.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Stopping_at_its_deadline_keeps_what_is_durable_and_refuses_the_rest()
    {
        await using var running = await RunningPipeline.StartAsync(options: OneAtATime);
        running.Destination.Hold();
        var written = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => running.Pipeline.UndeliveredBytes > 0);
        var waiting = running.AcceptAsync(Batches.Of(1, 1));
        await running.Pipeline.StopAsync(new CancellationToken(canceled: true));
        (await written).Accepted.ShouldBe(1);
        await FailureOf<PipelineFullException>(waiting);

        var again = new OpenLog(running.Files.AfterPowerLoss());
        Batches.Names(again.Recovered.Select(entry => entry.Batch)).ShouldBe(Batches.Names(Batches.Of(0, 1)));
    }

    [Fact]
    public async Task Own_positions_are_each_given_once()
    {
        await using var running = await RunningPipeline.StartAsync();
        var pipeline = running.Pipeline;
        var firsts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => pipeline.ReservePositions(3), Cancelled)));
        firsts.Order().ShouldBe(Enumerable.Range(0, 100).Select(i => (ulong)i * 3));
        running.Pipeline.OwnOrigin.IsByteOffsets.ShouldBeFalse();
    }

    /// <summary>Sends batches so that all but the first are written as one group: they come while the first is fsynced.</summary>
    private static async Task<AcceptResult[]> HeldTogetherAsync(RunningPipeline running, params RecordBatch[] batches)
    {
        using var flushing = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var flushed = running.Files.Flushing;
        running.Files.Flushing = () =>
        {
            running.Files.Flushing = flushed;
            flushing.Release();
            go.Wait();
            flushed?.Invoke();
        };
        var plug = running.AcceptAsync(Batches.Of(1_000_000, 1, sender: 99));
        await flushing.WaitAsync(Cancelled);
        var results = batches.Select(running.AcceptAsync).ToArray();
        go.Release();
        await plug;
        var all = await Task.WhenAll(results);
        return all;
    }

    private static async Task<TException> FailureOf<TException>(Task task)
        where TException : Exception =>
        await Should.ThrowAsync<TException>(task);

    /// <summary>Waits for what another thread does; the runner's timeout ends a test that waits in vain.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
