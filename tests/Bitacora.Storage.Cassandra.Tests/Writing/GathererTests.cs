using Bitacora.Records;
using Bitacora.Storage.Cassandra.Writing;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Cassandra.Tests.Writing;

public sealed class GathererTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly TestBatches _batches = new(TimeProvider.System);

    [Fact]
    public async Task Batches_of_a_second_are_one_group()
    {
        var gatherer = New();
        await AddAsync(gatherer, 1, 2, 3);
        gatherer.Take(TimeSpan.Zero).ShouldBeNull();
        gatherer.CloseAfter(TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        gatherer.CloseAfter(TimeSpan.FromSeconds(1)).ShouldBeNull();

        var group = gatherer.Take(TimeSpan.Zero).ShouldNotBeNull();
        (group.First, group.Last, group.Batches.Count).ShouldBe((1UL, 3UL, 3));
    }

    [Fact]
    public async Task A_full_group_does_not_wait()
    {
        var gatherer = New();
        var many = _batches.Of(Enumerable.Range(0, 4_096).Select(i => new TestRecord(RecordTime.Now(_clock), "m")));
        await gatherer.AddAsync(many, 1, CancellationToken.None);
        gatherer.Take(TimeSpan.Zero).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_writer_is_woken_by_the_first_batch_of_a_group_and_by_its_end_and_not_by_those_between()
    {
        var gatherer = New();
        var begun = gatherer.Work;
        await AddAsync(gatherer, 1);
        begun.IsCompleted.ShouldBeTrue();

        var closed = gatherer.Work;
        await AddAsync(gatherer, 2, 3);
        closed.IsCompleted.ShouldBeFalse();
        gatherer.CloseAfter(TimeSpan.Zero);
        closed.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_waits_for_room_goes_on_when_a_group_is_written()
    {
        var gatherer = New();
        var large = new TestRecord(RecordTime.Now(_clock), new string('m', 900 << 10));
        await gatherer.AddAsync(_batches.Of(large), 1, CancellationToken.None);
        var waiting = gatherer.AddAsync(_batches.Of(large), 2, CancellationToken.None).AsTask();
        gatherer.CloseAfter(TimeSpan.Zero);
        var group = gatherer.Take(TimeSpan.Zero).ShouldNotBeNull();
        waiting.IsCompleted.ShouldBeFalse();

        gatherer.Written(group);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        gatherer.Snapshot().Batches.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Write_timestamps_rise_though_the_clock_stands_or_goes_back()
    {
        var gatherer = New();
        var stamps = new List<long>();
        for (var i = 1UL; i <= 5; i++)
        {
            await AddAsync(gatherer, i);
            gatherer.CloseAfter(TimeSpan.Zero);
            stamps.Add(gatherer.Take(TimeSpan.Zero)!.Timestamp);
        }

        stamps.ShouldBe(stamps.Distinct().Order());
    }

    [Fact]
    public async Task What_was_written_together_before_a_restart_is_written_together_again()
    {
        var gatherer = New((3, 4, 111), (5, 7, 222));
        await AddAsync(gatherer, 3, 4, 5, 6, 7, 8);
        gatherer.CloseAfter(TimeSpan.Zero);

        var groups = Drain(gatherer);
        groups.Select(group => (group.First, group.Last, group.IsReplay)).ShouldBe(
            [(3UL, 4UL, true), (5UL, 7UL, true), (8UL, 8UL, false)]);
        groups.Take(2).Select(group => group.Timestamp).ShouldBe([111L, 222L]);
        groups[2].Timestamp.ShouldBeGreaterThan(222);
    }

    [Fact]
    public async Task A_flush_does_not_write_a_part_of_what_was_written_together_before()
    {
        var gatherer = New((3, 5, 111));
        await AddAsync(gatherer, 3, 4);
        await gatherer.FlushAsync(CancellationToken.None);
        Drain(gatherer).ShouldBeEmpty();
        await AddAsync(gatherer, 5);
        Drain(gatherer).Select(group => (group.First, group.Last, group.Batches.Count)).ShouldBe([(3UL, 5UL, 3)]);
    }

    [Fact]
    public async Task A_group_whose_last_batch_was_lost_from_the_log_is_closed_without_it()
    {
        var gatherer = New((1, 3, 111), (5, 6, 222));
        await AddAsync(gatherer, 1, 2, 4, 5, 6);
        gatherer.CloseAfter(TimeSpan.Zero);

        Drain(gatherer).Select(group => (group.First, group.Last, group.IsReplay)).ShouldBe(
            [(1UL, 2UL, true), (4UL, 4UL, false), (5UL, 6UL, true)]);
    }

    [Fact]
    public async Task A_group_whose_last_batch_was_lost_from_the_log_does_not_wait_for_another_batch_for_ever()
    {
        var gatherer = New((1, 3, 111));
        await AddAsync(gatherer, 1);
        _clock.Advance(Gatherer.ReplayPatience / 2);
        await AddAsync(gatherer, 2);
        gatherer.CloseAfter(TimeSpan.Zero).ShouldBe(Gatherer.ReplayPatience);
        _clock.Advance(Gatherer.ReplayPatience - TimeSpan.FromTicks(1));
        gatherer.CloseAfter(TimeSpan.Zero).ShouldBe(TimeSpan.FromTicks(1));
        Drain(gatherer).ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromTicks(1));
        gatherer.CloseAfter(TimeSpan.Zero).ShouldBeNull();
        var group = Drain(gatherer).ShouldHaveSingleItem();
        (group.First, group.Last, group.Timestamp, group.IsReplay).ShouldBe((1UL, 2UL, 111L, true));
        await AddAsync(gatherer, 4);
        gatherer.CloseAfter(TimeSpan.Zero);
        Drain(gatherer).ShouldHaveSingleItem().IsReplay.ShouldBeFalse();
    }

    [Fact]
    public async Task A_replay_that_waits_for_room_is_not_taken_for_one_whose_last_batch_was_lost()
    {
        var batch = _batches.Of(new TestRecord(RecordTime.Now(_clock), "m"));
        var gatherer = new Gatherer([(1, 1, 111), (2, 3, 222)], batch.Bytes.Length * 5 / 2, _clock);
        await gatherer.AddAsync(batch, 1, CancellationToken.None);
        await gatherer.AddAsync(batch, 2, CancellationToken.None);
        var waiting = gatherer.AddAsync(batch, 3, CancellationToken.None).AsTask();
        _clock.Advance(Gatherer.ReplayPatience * 2);
        gatherer.CloseAfter(TimeSpan.Zero).ShouldBe(Gatherer.ReplayPatience);

        gatherer.Written(gatherer.Take(TimeSpan.Zero)!);
        await waiting;
        var group = Drain(gatherer).ShouldHaveSingleItem();
        (group.First, group.Last).ShouldBe((2UL, 3UL));
    }

    [Fact]
    public async Task What_does_not_fit_waits_until_something_is_written()
    {
        var one = _batches.Of(new TestRecord(RecordTime.Now(_clock), "m"));
        var gatherer = new Gatherer([], one.Bytes.Length, _clock);
        await gatherer.AddAsync(one, 1, CancellationToken.None);
        var waiting = gatherer.AddAsync(_batches.Of(new TestRecord(RecordTime.Now(_clock), "m")), 2, CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        gatherer.CloseAfter(TimeSpan.Zero);
        gatherer.Written(gatherer.Take(TimeSpan.Zero)!);
        await waiting;
        gatherer.Snapshot().Batches.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_query_sees_what_is_not_written_and_knows_the_manifests_of_it()
    {
        var gatherer = New();
        await AddAsync(gatherer, 1);
        gatherer.CloseAfter(TimeSpan.Zero);
        var group = gatherer.Take(TimeSpan.Zero)!;
        await AddAsync(gatherer, 2);

        var seen = gatherer.Snapshot();
        seen.Batches.Length.ShouldBe(2);
        seen.Covers(RecordId.Create(group.Timestamp * TimeSpan.TicksPerMicrosecond, 9)).ShouldBeTrue();
        seen.Covers(RecordId.Create((group.Timestamp + 1) * TimeSpan.TicksPerMicrosecond, 9)).ShouldBeTrue("written since the query began");
        seen.Covers(RecordId.Create((group.Timestamp - 1) * TimeSpan.TicksPerMicrosecond, 9)).ShouldBeFalse();

        gatherer.Written(group);
        gatherer.Snapshot().Batches.Length.ShouldBe(1);
        gatherer.Snapshot().Covers(RecordId.Create(group.Timestamp * TimeSpan.TicksPerMicrosecond, 9)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_query_does_not_count_again_what_is_being_gathered_as_it_was_written_before()
    {
        var gatherer = New((3, 5, 111), (6, 7, 222));
        await AddAsync(gatherer, 3, 4);
        var seen = gatherer.Snapshot();
        seen.Batches.Length.ShouldBe(2);
        seen.Covers(RecordId.Create(111 * TimeSpan.TicksPerMicrosecond, 9)).ShouldBeTrue("the cluster may have its records too");
        seen.Covers(RecordId.Create(222 * TimeSpan.TicksPerMicrosecond, 9)).ShouldBeFalse("none of its records is here");
    }

    [Fact]
    public async Task Refused_records_are_told_to_the_batch_that_they_came_in()
    {
        var gatherer = New();
        var first = await gatherer.AddAsync(_batches.Of(Two()), 1, CancellationToken.None);
        var second = await gatherer.AddAsync(_batches.Of(Two()), 2, CancellationToken.None);
        gatherer.CloseAfter(TimeSpan.Zero);
        var group = gatherer.Take(TimeSpan.Zero)!;
        group.Refuse(new RowPlace(1, 1, Length: 100), "too large");
        gatherer.Written(group);

        (await first).ShouldBeEmpty();
        (await second).ShouldHaveSingleItem().ShouldBe(new(1, "too large"));
    }

    [Fact]
    public async Task Those_who_wait_when_the_store_closes_are_cancelled()
    {
        var gatherer = New();
        var written = await gatherer.AddAsync(_batches.Of(Two()), 1, CancellationToken.None);
        gatherer.Abandon();
        await Should.ThrowAsync<OperationCanceledException>(() => written);
    }

    private TestRecord[] Two() => [new(RecordTime.Now(_clock), "a"), new(RecordTime.Now(_clock), "b")];

    private Gatherer New(params (ulong First, ulong Last, long Timestamp)[] unsettled) => new(unsettled, 1 << 20, _clock);

    private async Task AddAsync(Gatherer gatherer, params ulong[] sequences)
    {
        foreach (var sequence in sequences)
        {
            await gatherer.AddAsync(_batches.Of(new TestRecord(RecordTime.Now(_clock), "m")), sequence, CancellationToken.None);
        }
    }

    private static List<RecordGroup> Drain(Gatherer gatherer)
    {
        var groups = new List<RecordGroup>();
        while (gatherer.Take(TimeSpan.Zero) is { } group)
        {
            groups.Add(group);
        }

        return groups;
    }
}
