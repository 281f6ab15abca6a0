using Bitacora.Cql.Cluster;
using Bitacora.Cql.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>Time that is reckoned with and never waited for.</summary>
public class ScheduleTests
{
    [Fact]
    public void Waits_differ_from_one_session_to_another()
    {
        var waits = Enumerable.Range(0, 20).Select(seed =>
            new ReconnectSchedule(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(seed)).Next());
        waits.Distinct().Count().ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task Timestamps_rise_though_the_clock_steps_back_and_many_ask_at_once()
    {
        var machine = new SteppingClock { Now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var clock = new MonotonicClock(machine);
        var first = clock.Next();
        first.ShouldBe(1_893_456_000_000_000);
        machine.Now -= TimeSpan.FromHours(1);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 10_000).Select(_ => clock.Next()).ToArray())));
        taken.ShouldAllBe(times => times.SequenceEqual(times.Order()));
        taken.SelectMany(times => times).Order().ShouldBe(Enumerable.Range(1, 40_000).Select(step => first + step));
        machine.Now += TimeSpan.FromHours(2);
        clock.Next().ShouldBe(1_893_456_000_000_000 + 3_600_000_000);
    }

    [Fact]
    public void A_servers_warnings_are_logged_once_in_ten_seconds_and_the_rest_is_counted()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        clock.Advance(TimeSpan.FromSeconds(1));
        var lines = new Lines();
        var log = new WarningLog(clock, lines);
        for (var i = 0; i < 100; i++)
        {
            log.Write(["the batch is large"]);
        }

        lines.Written.ShouldHaveSingleItem().ShouldContain("the batch is large");
        clock.Advance(TimeSpan.FromSeconds(11));
        log.Write(["the batch is large"]);
        lines.Written.Count.ShouldBe(2);
        lines.Written[1].ShouldContain("99 more");
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
