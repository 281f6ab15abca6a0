using Bitacora.Records;
using Bitacora.Storage.Cassandra.Writing;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Cassandra.Tests.Writing;

public sealed class WriteTimestampTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TestBatches _batches;

    public WriteTimestampTests() => _batches = new TestBatches(_clock);

    [Fact]
    public async Task Write_timestamps_are_by_the_clusters_clock_and_rise()
    {
        var gatherer = new Gatherer([], 1 << 20, _clock);
        var now = RecordTime.Now(_clock) / TimeSpan.TicksPerMicrosecond;
        await AddAsync(gatherer, 1);
        gatherer.Take(TimeSpan.FromDays(-1)).ShouldNotBeNull().Timestamp.ShouldBe(now - 86_400_000_000);
        await AddAsync(gatherer, 2);
        gatherer.Take(TimeSpan.FromDays(1)).ShouldNotBeNull().Timestamp.ShouldBe(now + 86_400_000_000);
        await AddAsync(gatherer, 3);
        gatherer.Take(TimeSpan.Zero).ShouldNotBeNull().Timestamp.ShouldBe(now + 86_400_000_001);
    }

    [Fact]
    public async Task A_replay_keeps_its_timestamp()
    {
        var gatherer = new Gatherer([(1, 1, 42)], 1 << 20, _clock);
        await AddAsync(gatherer, 1);
        gatherer.Take(TimeSpan.FromDays(1)).ShouldNotBeNull().Timestamp.ShouldBe(42);
    }

    [Fact]
    public async Task What_was_not_given_a_timestamp_yet_is_pending_whatever_it_gets()
    {
        var gatherer = new Gatherer([], 1 << 20, _clock);
        await AddAsync(gatherer, 1);
        var pending = gatherer.Snapshot();
        pending.Batches.ShouldHaveSingleItem();
        var group = gatherer.Take(TimeSpan.FromDays(-1)).ShouldNotBeNull();
        pending.Covers(RecordId.Create(group.Timestamp * TimeSpan.TicksPerMicrosecond, 0)).ShouldBeTrue();
    }

    private async Task AddAsync(Gatherer gatherer, ulong sequence)
    {
        await gatherer.AddAsync(_batches.Of(new TestRecord(RecordTime.Now(_clock), "x")), sequence, CancellationToken.None);
        gatherer.CloseAfter(TimeSpan.Zero);
    }
}
