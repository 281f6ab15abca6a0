using Bitacora.Cli.Ingesting;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cli.Tests;

public sealed class ServerClockTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_servers_clock_that_differs_is_the_one_to_judge_by()
    {
        var own = new FakeTimeProvider(Noon);
        var clock = ServerClock.By(own, Noon.AddHours(-1));
        own.Advance(TimeSpan.FromMinutes(5));
        clock.GetUtcNow().ShouldBe(Noon.AddMinutes(-55));
        clock.GetTimestamp().ShouldBe(own.GetTimestamp());
    }

    [Fact]
    public void Whole_seconds_of_a_date_and_a_missing_date_are_no_difference()
    {
        var own = new FakeTimeProvider(Noon.AddMilliseconds(900));
        ServerClock.By(own, Noon).ShouldBeSameAs(own);
        ServerClock.By(own, null).ShouldBeSameAs(own);
    }
}
