using Bitacora.Server.Intake;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests;

public class InFlightBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Who_finds_no_room_waits_until_there_is_some()
    {
        var budget = new InFlightBudget(10, _clock);
        (await budget.TryTakeAsync(8, Patience, Cancel)).ShouldBeTrue();
        var waiting = budget.TryTakeAsync(5, Patience, Cancel);
        waiting.IsCompleted.ShouldBeFalse();
        budget.Release(8);
        (await waiting).ShouldBeTrue();
        budget.Taken.ShouldBe(5);
    }

    [Fact]
    public async Task A_wait_that_ends_takes_nothing_and_lets_the_next_one_in()
    {
        var budget = new InFlightBudget(10, _clock);
        await budget.TryTakeAsync(8, Patience, Cancel);
        var large = budget.TryTakeAsync(5, Patience, Cancel).AsTask();
        var small = budget.TryTakeAsync(2, TimeSpan.FromMinutes(1), Cancel).AsTask();
        small.IsCompleted.ShouldBeFalse("it waits in turn");
        _clock.Advance(Patience);
        (await large).ShouldBeFalse();
        (await small).ShouldBeTrue();
        budget.Taken.ShouldBe(10);
    }

    [Fact]
    public async Task A_cancelled_wait_takes_nothing()
    {
        var budget = new InFlightBudget(10, _clock);
        await budget.TryTakeAsync(10, Patience, Cancel);
        using var gone = new CancellationTokenSource();
        var waiting = budget.TryTakeAsync(5, Patience, gone.Token).AsTask();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        budget.Release(10);
        budget.Taken.ShouldBe(0);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
