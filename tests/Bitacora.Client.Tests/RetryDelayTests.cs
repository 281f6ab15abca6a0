using Bitacora.Client.Sending;
using CsCheck;

namespace Bitacora.Client.Tests;

public sealed class RetryDelayTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Fact]
    public void Waits_double_up_to_the_longest_and_begin_anew_after_a_success()
    {
        var delay = new RetryDelay(First, Longest, () => 1);
        Enumerable.Range(0, 7).Select(_ => delay.Next(null).TotalMilliseconds).ShouldBe([200, 400, 800, 1600, 3200, 5000, 5000]);
        delay.Reset();
        delay.Next(null).ShouldBe(First);
    }

    [Fact]
    public void The_server_may_ask_for_a_longer_wait_and_not_for_a_shorter_one()
    {
        var delay = new RetryDelay(First, Longest, () => 1);
        delay.Next(TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(9));
        delay.Next(TimeSpan.FromMilliseconds(1)).ShouldBe(2 * First);
    }

    [Fact]
    public void Jitter_takes_at_most_half_of_a_wait() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 200]).Sample((jitter, times) =>
        {
            var (spread, whole) = (new RetryDelay(First, Longest, () => jitter), new RetryDelay(First, Longest, () => 1));
            for (var i = 0; i < times; i++)
            {
                var (wait, most) = (spread.Next(null), whole.Next(null));
                wait.ShouldBeInRange(most / 2, most);
            }
        });
}
