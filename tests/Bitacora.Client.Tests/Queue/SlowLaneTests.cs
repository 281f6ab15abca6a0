using Bitacora.Client.Draining;
using Bitacora.Client.Spooling;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Client.Tests.Queue;

public sealed class SlowLaneTests : QueueTest
{
    private readonly FaultyFiles _files = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private ulong _position;

    [Fact]
    public async Task A_full_disk_takes_nothing_is_tried_again_a_second_later_and_goes_on_when_there_is_room()
    {
        Destination.Away = "no route";
        var lane = Lane();
        (await HandAsync(lane, Batch())).ShouldBeTrue();
        _files.FreeBytes = 0;
        (await HandAsync(lane, Batch())).ShouldBeFalse();
        lane.IsFailing.ShouldBeTrue();
        lane.TryHand(Batch(), isAdopted: false).ShouldBeNull("it waits before it asks the disk again");
        _clock.Advance(TimeSpan.FromSeconds(1));
        _files.FreeBytes = long.MaxValue;
        (await HandAsync(lane, Batch())).ShouldBeTrue();
        lane.IsFailing.ShouldBeFalse();
        (lane.Counts.Handed, lane.Counts.Waiting).ShouldBe((20, 20));
        lane.Stop(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_failed_fsync_ends_the_spool_and_not_the_application()
    {
        var lane = Lane();
        (await HandAsync(lane, Batch())).ShouldBeTrue();
        _files.FailFlush = true;
        (await HandAsync(lane, Batch())).ShouldBeFalse();
        _files.FailFlush = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await HandAsync(lane, Batch())).ShouldBeFalse("nobody knows what the disk dropped");
        Said.ShouldContain(text => text.Contains("fsync"));
        lane.Stop(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_batch_that_the_lane_had_before_is_counted_once()
    {
        Destination.Away = "no route";
        var lane = Lane();
        var batch = Batch();
        (await HandAsync(lane, batch)).ShouldBeTrue();
        (await HandAsync(lane, batch, isAdopted: true)).ShouldBeTrue();
        (lane.Counts.Handed, lane.Counts.Adopted, lane.Counts.Waiting).ShouldBe((10, 0, 10));
        lane.Stop(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_is_delivered_leaves_the_log()
    {
        var lane = Lane();
        for (var i = 0; i < 500; i++)
        {
            // Five times as much as it holds: at times what is delivered has not left it yet.
            var batch = Batch(bytes: 1_000);
            SlowHand? hand = null;
            await UntilAsync(() => (hand = lane.TryHand(batch, isAdopted: false)) is not null, "room in the log");
            (await EndAsync(lane, hand!, batch)).ShouldBeTrue();
        }

        await UntilAsync(() => lane.Counts.Waiting == 0);
        await UntilAsync(() => lane.Bytes < 200 << 10);
        lane.Counts.Written.ShouldBe(5_000);
        lane.Stop(TimeSpan.FromSeconds(5));
    }

    private static async Task<bool> HandAsync(SlowLane lane, RecordBatch batch, bool isAdopted = false)
    {
        var hand = lane.TryHand(batch, isAdopted).ShouldNotBeNull();
        return await EndAsync(lane, hand, batch);
    }

    private static async Task<bool> EndAsync(SlowLane lane, SlowHand hand, RecordBatch batch)
    {
        await Task.WhenAny(hand.Task);
        return lane.End(hand, batch);
    }

    private SlowLane Lane() => new(
        () => (_files, new DeadLetters(new FaultyFiles(), 1 << 20, _clock)),
        new SlowDestination(Destination, isOrdered: false, _clock, new Random(1)),
        maxBytes: 1 << 20,
        dropOldest: false,
        _clock,
        new SelfLog(Said.Enqueue, _clock));

    private RecordBatch Batch(int bytes = 10)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, _clock);
        var origin = builder.AddOrigin(new Origin(2));
        for (var i = 0; i < 10; i++)
        {
            var record = builder.Begin();
            record.SetText(NamedField.Message, new string('x', bytes));
            record.TryCommit(origin, _position++);
        }

        return builder.Freeze();
    }
}
