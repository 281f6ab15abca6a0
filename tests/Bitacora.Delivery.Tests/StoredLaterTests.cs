using System.Collections.Concurrent;

namespace Bitacora.Delivery.Tests;

/// <summary>A destination that has taken a batch need not have stored it.</summary>
public class StoredLaterTests
{
    private static readonly PipelineOptions WhenStored = new() { Acknowledge = AcknowledgeWhen.Stored };

    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<IReadOnlyList<RefusedRecord>>> _storing = new();
    private readonly TestDestination _destination = new();

    public StoredLaterTests() => _destination.Storing = batch => StoringOf(batch[0].Position).Task;

    [Fact]
    public async Task The_next_batch_comes_before_the_last_is_stored_and_each_counts_when_it_is()
    {
        await using var running = await RunningPipeline.StartAsync(destination: _destination);
        await running.AcceptAsync(Batches.Of(0, 2));
        await running.AcceptAsync(Batches.Of(10, 3));
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(5, 0, 0, 0, 5, 0, 0));
        var bytes = running.Pipeline.UndeliveredBytes;

        StoringOf(10).SetResult([]);
        await UntilAsync(() => running.Pipeline.UndeliveredBytes < bytes);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(5, 0, 3, 0, 2, 0, 0));
        StoringOf(0).SetResult([]);
        await UntilAsync(() => running.Pipeline.UndeliveredBytes == 0);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(5, 0, 5, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Batches_that_are_taken_and_not_stored_hold_memory()
    {
        var options = new PipelineOptions { GroupBatches = 1, MaxUndeliveredBatches = 2 };
        await using var running = await RunningPipeline.StartAsync(destination: _destination, options: options);
        await running.AcceptAsync(Batches.Of(0, 1));
        await running.AcceptAsync(Batches.Of(1, 1));
        var third = running.AcceptAsync(Batches.Of(2, 1));
        StoringOf(1).SetResult([]);
        await third;
        _destination.Stored.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Records_that_are_refused_later_become_one_letter_for_each_reason()
    {
        await using var running = await RunningPipeline.StartAsync(destination: _destination);
        await running.AcceptAsync(Batches.Of(0, 10));
        StoringOf(0).SetResult([new(7, "too large"), new(2, "no such day"), new(3, "too large")]);
        await UntilAsync(() => running.Pipeline.Counters.Live.Pending == 0);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(10, 0, 7, 0, 0, 0, 3));
        var letters = running.DeadLetters.Read().ToDictionary(letter => letter.Reason, letter => letter.Batch);
        letters.Count.ShouldBe(2);
        Batches.Names(letters["too large"]).ShouldBe(Batches.Names(Batches.Of(Batches.First, [3, 7])));
        Batches.Names(letters["no such day"]).ShouldBe(Batches.Names(Batches.Of(2, 1)));
    }

    [Fact]
    public async Task A_batch_that_the_destination_gives_up_when_it_closes_stays_in_the_log()
    {
        var running = await RunningPipeline.StartAsync(destination: _destination);
        await running.AcceptAsync(Batches.Of(0, 2));
        StoringOf(0).SetCanceled(TestContext.Current.CancellationToken);
        await running.Pipeline.StopAsync(CancellationToken.None);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(2, 0, 0, 0, 2, 0, 0));
        running.Logger.Said.ShouldNotContain(said => said.Id == 1011);
        new OpenLog(running.Files.AfterPowerLoss()).Recovered.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("fault")]
    [InlineData("twice")]
    [InlineData("outside")]
    public async Task A_fault_of_the_destination_is_said_and_the_batch_stays_pending(string fault)
    {
        var running = await RunningPipeline.StartAsync(destination: _destination);
        await running.AcceptAsync(Batches.Of(0, 2));
        switch (fault)
        {
            case "fault":
                StoringOf(0).SetException(new InvalidOperationException("a bug"));
                break;
            case "twice":
                StoringOf(0).SetResult([new(1, "poison"), new(1, "poison")]);
                break;
            default:
                StoringOf(0).SetResult([new(2, "poison")]);
                break;
        }

        await UntilAsync(() => running.Pipeline.UndeliveredBytes == 0);
        running.Logger.Said.Count(said => said.Id == 1011).ShouldBe(1);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(2, 0, 0, 0, 2, 0, 0));
        running.DeadLetters.Count.ShouldBe(0);
        await running.Pipeline.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Stopping_waits_for_what_is_taken_until_its_deadline()
    {
        var running = await RunningPipeline.StartAsync(destination: _destination);
        await running.AcceptAsync(Batches.Of(0, 1));
        await running.AcceptAsync(Batches.Of(1, 1));
        using var deadline = new CancellationTokenSource();
        var stopping = running.Pipeline.StopAsync(deadline.Token);
        StoringOf(0).SetResult([]);
        await UntilAsync(() => running.Pipeline.Counters.Live.Stored == 1);
        stopping.IsCompleted.ShouldBeFalse();
        await deadline.CancelAsync();
        await stopping;
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(2, 0, 1, 0, 1, 0, 0));
    }

    [Fact]
    public async Task A_start_goes_on_when_the_destination_has_taken_everything()
    {
        var clock = RunningPipeline.Start();
        var before = await RunningPipeline.StartAsync(clock: clock);
        await before.AcceptAsync(Batches.Of(0, 1));
        await before.AcceptAsync(Batches.Of(1, 1));
        await before.DisposeAsync();
        await using var running = await RunningPipeline.StartAsync(before.Files, _destination, clock);
        running.Pipeline.Counters.Recovered.ShouldBe(new DeliveryCounts(2, 0, 0, 0, 2, 0, 0));
        StoringOf(1).SetResult([]);
        StoringOf(0).SetResult([]);
        await UntilAsync(() => running.Pipeline.Counters.Recovered.Stored == 2);
    }

    [Fact]
    public async Task A_caller_may_wait_until_its_batch_is_stored()
    {
        await using var running = await RunningPipeline.StartAsync(destination: _destination, options: WhenStored);
        var first = running.AcceptAsync(Batches.Of(0, 1));
        var second = running.AcceptAsync(Batches.Of(1, 1));
        await UntilAsync(() => _destination.Stored.Count == 2);
        first.IsCompleted.ShouldBeFalse();
        StoringOf(1).SetResult([]);
        (await second).ShouldBe(new AcceptResult(1, 0), "the first does not hold it");
        first.IsCompleted.ShouldBeFalse();
        StoringOf(0).SetResult([]);
        (await first).ShouldBe(new AcceptResult(1, 0));
    }

    [Fact]
    public async Task What_is_not_stored_in_time_is_not_acknowledged_and_its_repeat_waits_too()
    {
        await using var running = await RunningPipeline.StartAsync(destination: _destination, options: WhenStored);
        var first = running.AcceptAsync(Batches.Of(0, 2));
        await UntilAsync(() => _destination.Stored.Count == 1);
        running.Clock.Advance(TimeSpan.FromSeconds(6));
        (await Should.ThrowAsync<NotYetStoredException>(first)).Message.ShouldContain("durable here");

        var repeat = running.AcceptAsync(Batches.Of(0, 2));
        var part = running.AcceptAsync(Batches.Of(1, 2));
        await UntilAsync(() => _destination.Stored.Count == 2);
        StoringOf(2).SetResult([]);
        await UntilAsync(() => running.Pipeline.Counters.Live.Stored == 1);
        repeat.IsCompleted.ShouldBeFalse();
        part.IsCompleted.ShouldBeFalse("half of it was in the first");
        StoringOf(0).SetResult([]);
        (await repeat).ShouldBe(new AcceptResult(2, 2));
        (await part).ShouldBe(new AcceptResult(2, 1));
        (await running.AcceptAsync(Batches.Of(0, 3))).ShouldBe(new AcceptResult(3, 3), "all of it is stored");
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(9, 0, 3, 6, 0, 0, 0));
    }

    [Fact]
    public async Task A_repeat_of_what_failed_is_never_acknowledged_as_stored()
    {
        await using var running = await RunningPipeline.StartAsync(destination: _destination, options: WhenStored);
        var first = running.AcceptAsync(Batches.Of(0, 1));
        StoringOf(0).SetException(new InvalidOperationException("a bug"));
        await UntilAsync(() => running.Logger.Said.Any(said => said.Id == 1011));
        StoringOf(1).SetResult([]);
        await running.AcceptAsync(Batches.Of(1, 1));
        var repeat = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => running.Pipeline.Counters.Live.Duplicates == 1);
        running.Clock.Advance(TimeSpan.FromSeconds(6));
        await Should.ThrowAsync<NotYetStoredException>(first);
        await Should.ThrowAsync<NotYetStoredException>(repeat);
    }

    [Fact]
    public async Task Stopping_tells_those_who_wait_that_it_is_not_stored()
    {
        await using var running = await RunningPipeline.StartAsync(destination: _destination, options: WhenStored);
        var waiting = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => _destination.Stored.Count == 1);
        await running.Pipeline.StopAsync(new CancellationToken(canceled: true));
        await Should.ThrowAsync<NotYetStoredException>(waiting);
    }

    [Fact]
    public async Task What_the_start_found_in_the_log_is_stored_before_its_repeat_is_acknowledged()
    {
        var clock = RunningPipeline.Start();
        var before = await RunningPipeline.StartAsync(clock: clock);
        await before.AcceptAsync(Batches.Of(0, 1));
        await before.DisposeAsync();
        await using var running = await RunningPipeline.StartAsync(
            before.Files, _destination, clock, WhenStored with { SpillBytes = 1 << 20 });
        var repeat = running.AcceptAsync(Batches.Of(0, 1));
        await UntilAsync(() => running.Pipeline.Counters.Live.Duplicates == 1 && _destination.Stored.Count == 1);
        repeat.IsCompleted.ShouldBeFalse();
        StoringOf(0).SetResult([]);
        (await repeat).Duplicates.ShouldBe(1);
    }

    [Fact]
    public async Task Callers_wait_for_what_was_left_in_the_log_too()
    {
        var options = WhenStored with { SpillBytes = 1 << 20, MaxUndeliveredBatches = 1, HoldFor = TimeSpan.FromDays(1) };
        await using var running = await RunningPipeline.StartAsync(destination: _destination, options: options);
        var accepted = Enumerable.Range(0, 6).Select(i => running.AcceptAsync(Batches.Of((ulong)i, 1))).ToArray();
        for (var i = 0; i < 6; i++)
        {
            await UntilAsync(() => _destination.Stored.Count > i);
            accepted[i..].ShouldAllBe(task => !task.IsCompleted);
            StoringOf((ulong)i).SetResult([]);
            await accepted[i];
        }
    }

    private TaskCompletionSource<IReadOnlyList<RefusedRecord>> StoringOf(ulong first) => _storing.GetOrAdd(
        first, _ => new TaskCompletionSource<IReadOnlyList<RefusedRecord>>(TaskCreationOptions.RunContinuationsAsynchronously));

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
