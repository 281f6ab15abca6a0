using Bitacora.Records;
using Bitacora.Storage.Cassandra.Writing;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Cassandra.Tests.Writing;

public sealed class SettlingQueueTests : IDisposable
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _directory = Directory.CreateTempSubdirectory("bitacora-").FullName;
    private readonly GroupJournal _journal;
    private readonly SettlingQueue _queue;
    private readonly TestBatches _batches;

    public SettlingQueueTests()
    {
        _journal = GroupJournal.Open(_directory);
        _queue = new SettlingQueue(_journal, keepBatches: true, _clock, NullLogger.Instance);
        _batches = new TestBatches(_clock);
    }

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_group_is_settled_when_its_window_is_over()
    {
        _queue.Written(Add(1));
        _clock.Advance(_window - TimeSpan.FromSeconds(1));
        _queue.Settle(_window);
        _queue.DurableThrough.ShouldBe(0UL);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _queue.Settle(_window);
        _queue.DurableThrough.ShouldBe(1UL);
    }

    [Fact]
    public void A_group_that_was_being_written_when_a_node_went_away_comes_again_once_it_is_written()
    {
        // The node that went away may have acknowledged some of its slices.
        var group = Add(1);
        _queue.NodeWentAway();
        _queue.TakeToSendAgain().ShouldBeEmpty();
        _queue.Written(group);
        _clock.Advance(_window * 2);
        _queue.Settle(_window);
        _queue.DurableThrough.ShouldBe(0UL);

        var again = _queue.TakeToSendAgain().ShouldHaveSingleItem();
        again.Group.ShouldBe(group);
        _queue.Release(again);
        _queue.TakeToSendAgain().ShouldBeEmpty();
        _clock.Advance(_window);
        _queue.Settle(_window);
        _queue.DurableThrough.ShouldBe(1UL);
    }

    [Fact]
    public void A_node_that_goes_away_while_groups_are_sent_again_has_them_sent_once_more()
    {
        _queue.Written(Add(1));
        _queue.NodeWentAway();
        var again = _queue.TakeToSendAgain().ShouldHaveSingleItem();
        _queue.NodeWentAway();
        _queue.TakeToSendAgain().ShouldBeEmpty("it is being sent");
        _queue.Release(again);
        _queue.TakeToSendAgain().ShouldHaveSingleItem().ShouldBe(again);
    }

    private RecordGroup Add(ulong sequence)
    {
        var group = new RecordGroup { Timestamp = (long)sequence };
        group.Add(_batches.Of(new TestRecord(RecordTime.Now(_clock), "x")), sequence);
        _journal.Add(group);
        _queue.Add(group);
        return group;
    }
}
