using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Tests.Writing;

public sealed class WriteLimitTests
{
    [Fact]
    public async Task No_more_enter_than_the_limit_and_who_waited_first_is_next()
    {
        var limit = new WriteLimit(2);
        var epoch = await limit.EnterAsync(default);
        await limit.EnterAsync(default);
        var third = limit.EnterAsync(default).AsTask();
        var fourth = limit.EnterAsync(default).AsTask();
        third.IsCompleted.ShouldBeFalse();
        limit.Leave(epoch, hasFailed: false);
        await third;
        fourth.IsCompleted.ShouldBeFalse();
        limit.Leave(epoch, hasFailed: false);
        await fourth;
    }

    [Fact]
    public async Task Those_that_fail_together_halve_the_limit_once_and_as_many_successes_as_it_allows_raise_it_by_one()
    {
        var limit = new WriteLimit(32);
        var epochs = new List<long>();
        for (var i = 0; i < 32; i++)
        {
            epochs.Add(await limit.EnterAsync(default));
        }

        epochs.ForEach(epoch => limit.Leave(epoch, hasFailed: true));
        limit.Limit.ShouldBe(16);
        limit.Leave(await limit.EnterAsync(default), hasFailed: true);
        limit.Limit.ShouldBe(8);
        for (var i = 0; i < 8; i++)
        {
            limit.Limit.ShouldBe(8);
            limit.Leave(await limit.EnterAsync(default), hasFailed: false);
        }

        limit.Limit.ShouldBe(9);
    }

    [Fact]
    public async Task It_never_falls_below_one_nor_rises_above_the_most()
    {
        var limit = new WriteLimit(2);
        for (var i = 0; i < 5; i++)
        {
            limit.Leave(await limit.EnterAsync(default), hasFailed: true);
        }

        limit.Limit.ShouldBe(1);
        for (var i = 0; i < 100; i++)
        {
            limit.Leave(await limit.EnterAsync(default), hasFailed: false);
        }

        limit.Limit.ShouldBe(2);
    }

    [Fact]
    public async Task While_more_are_on_their_way_than_the_limit_fell_to_nobody_enters()
    {
        var limit = new WriteLimit(4);
        var epoch = await limit.EnterAsync(default);
        for (var i = 0; i < 3; i++)
        {
            await limit.EnterAsync(default);
        }

        limit.Leave(epoch, hasFailed: true);
        var next = limit.EnterAsync(default).AsTask();
        limit.Leave(epoch, hasFailed: true);
        next.IsCompleted.ShouldBeFalse("two are on their way still");
        limit.Leave(epoch, hasFailed: false);
        await next;
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        var limit = new WriteLimit(1);
        var epoch = await limit.EnterAsync(default);
        using var cancel = new CancellationTokenSource();
        var gone = limit.EnterAsync(cancel.Token).AsTask();
        var next = limit.EnterAsync(default).AsTask();
        await cancel.CancelAsync();
        await gone.ShouldThrowAsync<OperationCanceledException>();
        limit.Leave(epoch, hasFailed: false);
        await next;
    }
}
