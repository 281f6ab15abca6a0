namespace Bitacora.Delivery.Tests;

public class RetryScheduleTests
{
    [Fact]
    public void Waits_double_from_a_tenth_of_a_second_to_half_a_minute()
    {
        var schedule = new RetrySchedule(new FixedRandom(1));
        Enumerable.Range(0, 12).Select(_ => schedule.Next().TotalMilliseconds)
            .ShouldBe([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000]);
        schedule.Failures.ShouldBe(12);
    }

    [Fact]
    public void Jitter_takes_up_to_half_of_a_wait()
    {
        var schedule = new RetrySchedule(new FixedRandom(0));
        schedule.Next().TotalMilliseconds.ShouldBe(50);
        schedule.Next().TotalMilliseconds.ShouldBe(100);
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var schedule = new RetrySchedule(new FixedRandom(1));
        schedule.Next();
        schedule.Next();
        schedule.Reset();
        schedule.Next().TotalMilliseconds.ShouldBe(100);
    }

    [Fact]
    public void Any_number_of_failures_stays_at_the_longest()
    {
        var schedule = new RetrySchedule(new Random(1));
        for (var i = 0; i < 10_000; i++)
        {
            schedule.Next().ShouldBeInRange(TimeSpan.FromMilliseconds(50), RetrySchedule.Longest);
        }
    }

    private sealed class FixedRandom(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
