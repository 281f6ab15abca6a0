using Bitacora.Records;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Delivery.Tests;

public class DelivererTests
{
    /// <summary>The clock runs ahead while the retries wait; callers must not lose patience.</summary>
    private static readonly PipelineOptions Patient = new() { HoldFor = TimeSpan.FromDays(1) };

    [Fact]
    public async Task Only_the_refused_records_become_dead_letters_and_the_rest_goes_on()
    {
        var destination = new TestDestination { Appending = RefuseIf(position => position is 3 or 12) };
        await using var running = await RunningPipeline.StartAsync(destination: destination);
        (await running.AcceptAsync(Batches.Of(0, 20))).Accepted.ShouldBe(20);
        await running.AcceptAsync(Batches.Of(20, 1));

        destination.Names.Order().ShouldBe(Batches.Names(Batches.Of(Batches.First, Numbers(0, 21).Except([3UL, 12UL]))).Order());
        destination.Stored.Select(stored => stored.Sequence).Order().Distinct().ShouldBe([1, 2]);
        var letters = running.DeadLetters.Read().ToArray();
        Batches.Names(letters.Select(letter => letter.Batch)).Order().ShouldBe(Batches.Names(Batches.Of(Batches.First, [3, 12])).Order());
        letters.ShouldAllBe(letter => letter.Reason == "poison" && letter.Time == RecordTime.Now(running.Clock));
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(21, 0, 19, 0, 0, 0, 2));
    }

    [Fact]
    public async Task Dead_letters_come_once_however_often_the_process_dies()
    {
        var (files, letters, clock) = (new FaultyFiles(), new FaultyFiles(), RunningPipeline.Start());
        for (var i = 0; i < 3; i++)
        {
            var destination = new TestDestination { Appending = RefuseIf(_ => true) };
            await using var running = await RunningPipeline.StartAsync(files, destination, clock, letters: letters);
            if (i == 0)
            {
                await running.AcceptAsync(Batches.Of(0, 3));
            }

            running.DeadLetters.Count.ShouldBe(3);
            running.DeadLetters.Read().Count().ShouldBe(3);
        }
    }

    [Fact]
    public async Task A_letter_without_room_is_dropped_and_counted()
    {
        var destination = new TestDestination { Appending = RefuseIf(_ => true) };
        await using var running = await RunningPipeline.StartAsync(destination: destination);
        for (var i = 0UL; i < 5; i++)
        {
            await running.AcceptAsync(Batches.Of(i, 1, messageBytes: 300_000));
        }

        running.DeadLetters.Bytes.ShouldBeLessThanOrEqualTo(1 << 20);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(5, 0, 0, 0, 0, 2, 3));
    }

    [Fact]
    public async Task A_transient_failure_is_tried_again_until_it_succeeds()
    {
        var failures = 0;
        var destination = new TestDestination
        {
            Appending = _ =>
            {
                if (Interlocked.Increment(ref failures) <= 4)
                {
                    throw new IOException("away");
                }
            },
        };
        await using var running = await RunningPipeline.StartAsync(destination: destination, options: Patient);
        var accepted = running.AcceptAsync(Batches.Of(0, 2));
        await AdvanceUntilAsync(running.Clock, () => running.Pipeline.Counters.Live.Pending == 0);
        (await accepted).Accepted.ShouldBe(2);
        failures.ShouldBe(5);
        destination.Stored.Count.ShouldBe(1);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(2, 0, 2, 0, 0, 0, 0));
    }

    [Fact]
    public async Task A_destination_that_fails_at_the_deadline_leaves_the_batch_in_the_log()
    {
        var running = await RunningPipeline.StartAsync();
        var release = running.Destination.Hold();
        var accepted = running.AcceptAsync(Batches.Of(0, 1));
        using var deadline = new CancellationTokenSource();
        var stopping = running.Pipeline.StopAsync(deadline.Token);
        running.Destination.Appending = _ =>
        {
            deadline.Cancel();
            throw new IOException("away");
        };
        release();
        await stopping;
        (await accepted).Accepted.ShouldBe(1);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(1, 0, 0, 0, 1, 0, 0));
    }

    [Fact]
    public async Task A_dead_letter_that_cannot_be_written_holds_the_rest_until_it_can()
    {
        var letters = new FaultyFiles { FreeBytes = 0 };
        var destination = new TestDestination { Appending = RefuseIf(position => position == 0) };
        await using var running = await RunningPipeline.StartAsync(destination: destination, options: Patient, letters: letters);
        var poison = running.AcceptAsync(Batches.Of(0, 1));
        var behind = running.AcceptAsync(Batches.Of(1, 1));
        poison.IsCompleted.ShouldBeFalse();
        behind.IsCompleted.ShouldBeFalse();
        letters.FreeBytes = 1 << 20;
        await AdvanceUntilAsync(running.Clock, () => running.Pipeline.Counters.Live.Pending == 0);
        await Task.WhenAll(poison, behind);
        running.Pipeline.Counters.Live.ShouldBe(new DeliveryCounts(2, 0, 1, 0, 0, 0, 1));
    }

    private static Action<RecordBatch> RefuseIf(Func<ulong, bool> isPoison) => batch =>
    {
        foreach (var record in batch)
        {
            if (isPoison(record.Position))
            {
                throw new BatchRefusedException("poison");
            }
        }
    };

    private static IEnumerable<ulong> Numbers(ulong first, ulong end)
    {
        for (var i = first; i < end; i++)
        {
            yield return i;
        }
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }
}
