using Bitacora.Alerting.Outbox;
using CsCheck;

namespace Bitacora.Alerting.Tests;

public class DeliveryScheduleTests
{
    [Fact]
    public void Waits_double_from_5_seconds_to_5_minutes_and_are_spread_over_their_upper_half() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int).Sample((attempts, seed) =>
        {
            var full = Math.Min(5 * Math.Pow(2, attempts - 1), 300);
            DeliverySchedule.Wait(attempts, null, new Random(seed)).TotalSeconds.ShouldBeInRange(full / 2, full);
        });

    [Fact]
    public void Nobody_is_asked_again_before_he_wants_it()
    {
        DeliverySchedule.Wait(1, TimeSpan.FromSeconds(100), new Random(1)).ShouldBe(TimeSpan.FromSeconds(100));
        DeliverySchedule.Wait(1, TimeSpan.Zero, new Random(1)).ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
    }
}
