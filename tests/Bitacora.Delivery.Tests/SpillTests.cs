using Bitacora.Records;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

/// <summary>Batches that the destination does not take wait in the write-ahead log, not in memory.</summary>
public class SpillTests
{
    private const int BatchBytes = 600;

    /// <summary>Two batches in memory, the rest in the log.</summary>
    private static readonly PipelineOptions Spilling = new()
    {
        SpillBytes = 1 << 20,
        MaxUndeliveredBytes = BatchBytes,
        GroupBatches = 3,
        HoldFor = TimeSpan.FromDays(1),
    };

    [Fact]
    public async Task While_the_destination_is_behind_batches_are_acknowledged_and_take_no_memory()
    {
        await using var running = await RunningPipeline.StartAsync(options: Spilling);
        var release = running.Destination.Hold();
        await SendAsync(running, 0, 50);

        running.Destination.Stored.ShouldBeEmpty();
        running.Pipeline.UndeliveredBytes.ShouldBeInRange(1, 2 * BatchBytes);
        running.Pipeline.LeftInLogRecords.ShouldBe(48);
        running.Pipeline.LeftInLogBytes.ShouldBeGreaterThan(48 * 500);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(50, 0, 0, 0, 50, 0, 0));
        (await running.AcceptAsync(Of(7))).ShouldBe(new AcceptResult(1, 1), "a repeat is durable too");

        release();
        await SettledAsync(running);
        await SendAsync(running, 50, 60);
        await SettledAsync(running);
        ShouldHaveInOrder(running.Destination, 60);
        running.Pipeline.LeftInLogBytes.ShouldBe(0);
        running.Pipeline.LeftInLogRecords.ShouldBe(0);
        running.Pipeline.UndeliveredBytes.ShouldBe(0);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(61, 0, 60, 1, 0, 0, 0));
    }

    [Fact]
    public async Task Beginning_and_end_are_said_once()
    {
        await using var running = await RunningPipeline.StartAsync(options: Spilling);
        var release = running.Destination.Hold();
        await SendAsync(running, 0, 20);
        running.Clock.Advance(TimeSpan.FromSeconds(90));
        release();
        await SettledAsync(running);
        await running.StopAsync();
        running.Logger.Said.Select(said => said.Id).ShouldBe([1000, 1031, 1032, 1040]);
        running.Logger.Said[1].Text.ShouldContain("batches from 3 on are left in the log");
        running.Logger.Said[2].Text.ShouldContain("after 90.0 s: 18 batches with 18 records");
    }

    [Fact]
    public async Task Without_leave_to_leave_batches_in_the_log_writing_pauses()
    {
        var options = Spilling with { SpillBytes = 0, GroupBatches = 1, HoldFor = TimeSpan.FromSeconds(5) };
        await using var running = await RunningPipeline.StartAsync(options: options);
        running.Destination.Hold();
        var accepted = Enumerable.Range(0, 4).Select(i => running.AcceptAsync(Of((ulong)i))).ToArray();
        await UntilAsync(() => running.Pipeline.UndeliveredBytes > BatchBytes);
        running.Clock.Advance(TimeSpan.FromSeconds(6));
        await Task.WhenAll(accepted[..2]);
        await Should.ThrowAsync<PipelineFullException>(accepted[2]);
        await Should.ThrowAsync<PipelineFullException>(accepted[3]);
        running.Pipeline.LeftInLogBytes.ShouldBe(0);
    }

    [Fact]
    public async Task When_the_log_has_as_many_bytes_as_it_may_writing_pauses_until_it_is_shorter()
    {
        var options = Spilling with { SpillBytes = 20 * BatchBytes, GroupBatches = 1, HoldFor = TimeSpan.FromSeconds(5) };
        await using var running = await RunningPipeline.StartAsync(options: options);
        var release = running.Destination.Hold();
        var sent = 0UL;
        while (running.Pipeline.LogBytes < options.SpillBytes)
        {
            await running.AcceptAsync(Of(sent++));
        }

        var refused = running.AcceptAsync(Of(sent));
        running.Clock.Advance(TimeSpan.FromSeconds(6));
        await Should.ThrowAsync<PipelineFullException>(refused);
        running.Pipeline.LogBytes.ShouldBeLessThan(options.SpillBytes + (2 * BatchBytes));

        var waiting = running.AcceptAsync(Of(sent));
        waiting.IsCompleted.ShouldBeFalse();
        release();
        (await waiting).Duplicates.ShouldBe(0);
        await SettledAsync(running);
        ShouldHaveInOrder(running.Destination, sent + 1);
    }

    [Fact]
    public async Task A_log_that_became_shorter_takes_batches_although_the_destination_is_still_behind()
    {
        var options = Spilling with { SpillBytes = 20 * BatchBytes, GroupBatches = 1 };
        await using var running = await RunningPipeline.StartAsync(options: options);
        var held = new TaskCompletionSource();
        running.Destination.Storing = batch => batch[0].Position < 15
            ? RefusedRecord.None
            : held.Task.ContinueWith(_ => RefusedRecord.None.Result, TaskScheduler.Default);
        var sent = 0UL;
        while (running.Pipeline.LogBytes < options.SpillBytes)
        {
            await running.AcceptAsync(Of(sent++));
        }

        var waiting = running.AcceptAsync(Of(sent++));
        await UntilAsync(() => running.Destination.Stored.Count > 15);
        running.Destination.MakeDurable(15);
        await waiting;
        running.Pipeline.LeftInLogRecords.ShouldBeGreaterThan(0);
        held.SetResult();
        await SettledAsync(running);
        ShouldHaveInOrder(running.Destination, sent);
    }

    [Fact]
    public async Task A_start_does_not_wait_for_the_destination()
    {
        var files = await FilledAsync(30);
        var destination = new TestDestination();
        destination.MakeDurable(10);
        var release = destination.Hold();
        await using var again = await RunningPipeline.StartAsync(files, destination, options: Spilling);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(20, 0, 0, 0, 20, 0, 0));
        again.Pipeline.Recovery.Batches.ShouldBe(20);
        again.Pipeline.LeftInLogRecords.ShouldBe(20);
        again.Pipeline.UndeliveredBytes.ShouldBe(0);
        (await again.AcceptAsync(Of(25))).Duplicates.ShouldBe(1, "its positions are known");
        await SendAsync(again, 30, 35);

        release();
        await SettledAsync(again);
        destination.Stored.Select(stored => stored.Sequence).ShouldBe(Enumerable.Range(11, 25).Select(i => (ulong)i));
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(20, 0, 20, 0, 0, 0, 0));
        again.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(6, 0, 5, 1, 0, 0, 0));
        again.Logger.Said.Select(said => said.Id).ShouldBe([1000, 1032]);
    }

    [Fact]
    public async Task A_start_whose_log_has_nothing_new_leaves_nothing_there()
    {
        var files = await FilledAsync(5);
        var destination = new TestDestination();
        destination.MakeDurable(5);
        await using var again = await RunningPipeline.StartAsync(files, destination, options: Spilling);
        await SendAsync(again, 5, 6);
        await SettledAsync(again);
        destination.Stored.ShouldHaveSingleItem().Sequence.ShouldBe(6UL);
        again.Logger.Said.Select(said => said.Id).ShouldBe([1000]);
    }

    [Fact]
    public async Task What_cannot_be_read_back_is_named_and_dropped_and_the_rest_goes_on()
    {
        await using var running = await RunningPipeline.StartAsync(options: Spilling);
        var release = running.Destination.Hold();
        await SendAsync(running, 0, 30);
        var name = running.Files.List().Order(StringComparer.Ordinal).ElementAt(2);
        running.Files.Flip(name, 200, 4);
        release();
        await SettledAsync(running);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(30, 0, 29, 0, 0, 1, 0));
        running.Pipeline.LossCount.ShouldBe(1);
        running.Pipeline.LeftInLogBytes.ShouldBe(0);
        running.Destination.Stored.Count.ShouldBe(29);
        running.Logger.Said.Where(said => said.Id == 1001).ShouldHaveSingleItem().Text.ShouldContain($"Damaged in {name}");
        running.Logger.Said.Where(said => said.Id == 1034).ShouldHaveSingleItem().Text.ShouldStartWith("1 records");
    }

    [Fact]
    public async Task The_last_batch_of_the_log_may_be_the_one_that_cannot_be_read_back()
    {
        await using var running = await RunningPipeline.StartAsync(options: Spilling with { Acknowledge = AcknowledgeWhen.Stored });
        var release = running.Destination.Hold();
        var accepted = Enumerable.Range(0, 10).Select(i => running.AcceptAsync(Of((ulong)i))).ToArray();
        await UntilAsync(() => running.Pipeline.LeftInLogRecords == 8);
        var name = running.Files.List().Order(StringComparer.Ordinal).Last();
        running.Files.Flip(name, running.Files.Content(name).Length - 100, 4);
        release();
        await SettledAsync(running);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(10, 0, 9, 0, 0, 1, 0));
        await Task.WhenAll(accepted);
        (await running.AcceptAsync(Of(10))).Duplicates.ShouldBe(0);
    }

    [Fact]
    public async Task Losses_that_the_start_named_are_not_named_again()
    {
        var files = await FilledAsync(12);
        files.Flip(files.List().Order(StringComparer.Ordinal).First(), 200, 4);
        await using var again = await RunningPipeline.StartAsync(files, options: Spilling);
        await SettledAsync(again);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(11, 0, 11, 0, 0, 0, 0));
        again.Pipeline.LossCount.ShouldBe(1);
        again.Logger.Said.Count(said => said.Id is 1001 or 1034).ShouldBe(1);
    }

    [Fact]
    public async Task A_log_that_cannot_be_opened_is_tried_again()
    {
        await using var running = await RunningPipeline.StartAsync(options: Spilling);
        var release = running.Destination.Hold();
        await SendAsync(running, 0, 10);
        running.Files.FailOpen = true;
        release();
        await UntilAsync(() => running.Logger.Said.Any(said => said.Id == 1033));
        running.Files.FailOpen = false;
        await SettledAsync(running, advance: true);
        ShouldHaveInOrder(running.Destination, 10);
    }

    [Fact]
    public async Task What_the_destination_does_not_take_for_too_long_is_a_dead_letter_also_when_it_was_left_in_the_log()
    {
        var files = await FilledAsync(6);
        var clock = RunningPipeline.Start();
        clock.Advance(TimeSpan.FromHours(8));
        var destination = new TestDestination { Appending = batch => throw new IOException("away") };
        await using var again = await RunningPipeline.StartAsync(
            files, destination, clock, Spilling with { KeepFor = TimeSpan.FromHours(7) });
        await SettledAsync(again);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(6, 0, 0, 0, 0, 0, 6));
        again.DeadLetters.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Stopping_leaves_in_the_log_what_is_there_and_does_not_wait_for_a_destination_that_is_away()
    {
        var files = await FilledAsync(10);
        var destination = new TestDestination();
        destination.Hold();
        var again = await RunningPipeline.StartAsync(files, destination, options: Spilling);
        await again.Pipeline.StopAsync(CancellationToken.None);
        again.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(10, 0, 0, 0, 10, 0, 0));
        new OpenLog(files.AfterPowerLoss()).Recovered.Count.ShouldBe(10);
        again.Logger.Said[^1].Text.ShouldContain("10 records stay");
    }

    [Fact]
    public async Task Batches_read_back_are_not_more_in_memory_than_may_be()
    {
        var files = await FilledAsync(40);
        var stored = new List<TaskCompletionSource<IReadOnlyList<RefusedRecord>>>();
        var destination = new TestDestination
        {
            Storing = _ =>
            {
                var source = new TaskCompletionSource<IReadOnlyList<RefusedRecord>>();
                lock (stored)
                {
                    stored.Add(source);
                }

                return source.Task;
            },
        };
        await using var again = await RunningPipeline.StartAsync(files, destination, options: Spilling);
        for (var settled = 0; settled < 40; settled++)
        {
            await UntilAsync(() => stored.Count > settled && (stored.Count == 40 || again.Pipeline.UndeliveredBytes > BatchBytes));
            again.Pipeline.UndeliveredBytes.ShouldBeLessThanOrEqualTo(2 * BatchBytes);
            again.Pipeline.Counters.Recovered.Stored.ShouldBe(settled);
            stored[settled].SetResult([]);
            await UntilAsync(() => again.Pipeline.Counters.Recovered.Stored == settled + 1);
        }

        ShouldHaveInOrder(destination, 40);
    }

    [Fact]
    public async Task Files_of_batches_that_were_not_given_on_are_kept_whatever_the_destination_says()
    {
        await using var running = await RunningPipeline.StartAsync(options: Spilling);
        var release = running.Destination.Hold();
        await SendAsync(running, 0, 30);
        running.Destination.MakeDurable(25);
        running.Destination.MakeDurable(26);
        release();
        await SettledAsync(running);
        ShouldHaveInOrder(running.Destination, 30);
    }

    private static RecordBatch Of(ulong position) => Batches.Of(position, 1, messageBytes: 450);

    private static async Task SendAsync(RunningPipeline running, ulong first, ulong end)
    {
        for (var i = first; i < end; i++)
        {
            await running.AcceptAsync(Of(i));
        }
    }

    /// <summary>A log of so many batches, of which no destination has any.</summary>
    private static async Task<FaultyFiles> FilledAsync(int count)
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        await SendAsync(running, 0, (ulong)count);
        return files;
    }

    private static void ShouldHaveInOrder(TestDestination destination, ulong count)
    {
        destination.Names.ShouldBe(Batches.Names(Batches.Of(0, (int)count)));
        destination.Stored.Select(stored => stored.Sequence).ShouldBe(Enumerable.Range(1, (int)count).Select(i => (ulong)i));
    }

    private static Task SettledAsync(RunningPipeline running, bool advance = false) => UntilAsync(() =>
    {
        if (advance)
        {
            running.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        running.Pipeline.Counters.Live.IsConsistent.ShouldBeTrue();
        running.Pipeline.Counters.Recovered.IsConsistent.ShouldBeTrue();
        return running.Pipeline.Counters.Live.Pending + running.Pipeline.Counters.Recovered.Pending == 0
            && running.Pipeline.LeftInLogBytes == 0
            && running.Logger.Said.Count(said => said.Id == 1031) <= running.Logger.Said.Count(said => said.Id == 1032);
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
