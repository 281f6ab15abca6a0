using Bitacora.Client.Sending;
using CsCheck;

namespace Bitacora.Client.Tests;

public sealed class RetryDelayTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Fact]
    public void Waits_grow_up_to_the_longest_and_begin_anew_after_a_success() => Gen.Int.Sample(seed =>
    {
        var delay = new RetryDelay(Longest, new Random(seed));
        delay.Next(null).ShouldBeLessThan(TimeSpan.FromMilliseconds(101));
        var waits = Enumerable.Range(0, 20).Select(_ => delay.Next(null)).ToList();
        waits.ShouldAllBe(wait => wait > TimeSpan.Zero && wait <= Longest);
        waits[^1].ShouldBe(Longest);
        delay.Reset();
        delay.Next(null).ShouldBeLessThan(TimeSpan.FromMilliseconds(101));
    });

    [Fact]
    public void The_server_may_ask_for_a_longer_wait_and_not_for_a_shorter_one()
    {
        var delay = new RetryDelay(Longest, new Random(1));
        delay.Next(TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(9));
        delay.Next(TimeSpan.FromTicks(1)).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(50));
    }
}
