using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Tests;

/// <summary>Who lets queries end and none begin gets all places, in time.</summary>
public sealed class QueryPlacesTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _deadline = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly QueryPlaces _places;

    public QueryPlacesTests() => _places = new QueryPlaces(2, _time);

    public void Dispose() => _places.Dispose();

    [Fact]
    public async Task Queries_that_come_meanwhile_wait_until_all_that_ran_have_ended_and_the_holder_too()
    {
        var first = await _places.TakeAsync(_deadline, Cancel);
        var second = await _places.TakeAsync(_deadline, Cancel);
        var holding = _places.HoldAsync(_patience, Cancel);
        var waiting = _places.TakeAsync(_deadline, Cancel);
        first.Dispose();
        waiting.IsCompleted.ShouldBeFalse();
        holding.IsCompleted.ShouldBeFalse("one runs still");
        second.Dispose();
        var hold = await holding;
        waiting.IsCompleted.ShouldBeFalse();
        hold.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task A_query_that_takes_longer_is_waited_for_no_longer_than_one_wants_to()
    {
        using var running = await _places.TakeAsync(_deadline, Cancel);
        var holding = _places.HoldAsync(_patience, Cancel);
        holding.IsCompleted.ShouldBeFalse();
        _time.Advance(_patience);
        var hold = await holding;
        var waiting = _places.TakeAsync(_deadline, Cancel);
        waiting.IsCompleted.ShouldBeFalse();
        hold.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_holds_nothing()
    {
        using var running = await _places.TakeAsync(_deadline, Cancel);
        using var stop = new CancellationTokenSource();
        var holding = _places.HoldAsync(_patience, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(holding);
        (await _places.TakeAsync(_deadline, Cancel)).Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
