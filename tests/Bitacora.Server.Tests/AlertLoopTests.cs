using System.Diagnostics;
using Bitacora.Alerting;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests;

public sealed class AlertLoopTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 30, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-alert-loop");
    private readonly HeldClock _clock = new(Start);

    private string Log => Path.Combine(_directory.FullName, "alerts.log");

    private AlertSettings Settings => AlertSettings.Default with { Channels = [new FileSettings("log", Log)] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_server_judges_its_rules_tells_and_says_how_it_is()
    {
        await using var server = await TestServer.StartAsync(options => options.Alerts = Settings, clock: _clock);
        await SendErrorsAsync(server, 11);
        await UntilAsync(() => Lines() == 1);

        (await File.ReadAllTextAsync(Log, Cancel)).ShouldContain("[warning] FIRED: errors: 11 records (threshold > 10)");
        (await File.ReadAllTextAsync(Log, Cancel)).ShouldContain($"; {new Uri(server.Server.Address, "/search?q=level%3AERROR&from=")}");
        await UntilAsync(() => MetricAsync(server, "bitacora_alerts_firing").Result == 1);
        (await MetricAsync(server, "bitacora_alerts_rules")).ShouldBe(3);
        var stats = (await server.JsonAsync("/api/stats")).GetProperty("alerts");
        stats.GetProperty("firing").GetInt32().ShouldBe(1);
        stats.GetProperty("problems").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_starts_again_goes_on_where_it_stopped()
    {
        var data = Path.Combine(_directory.FullName, "data");
        await using (var first = await TestServer.StartAsync(options => options.Alerts = Settings, data: data, clock: _clock))
        {
            first.KeepData = true;
            await SendErrorsAsync(first, 11);
            await UntilAsync(() => Lines() == 1);
        }

        await using var second = await TestServer.StartAsync(options => options.Alerts = Settings, data: data, clock: _clock);
        await UntilAsync(() => Lines() == 2);
        (await File.ReadAllLinesAsync(Log, Cancel))[1].ShouldContain("RESOLVED: errors");
    }

    [Fact]
    public async Task A_server_whose_alerts_do_not_arrive_is_ready_and_says_so()
    {
        var away = new FileSettings("log", Path.Combine(_directory.FullName, "none", "alerts.log"));
        await using var server = await TestServer.StartAsync(
            options => options.Alerts = Settings with { Channels = [away] }, clock: _clock);
        await SendErrorsAsync(server, 11);
        await UntilAsync(() => MetricAsync(server, "bitacora_alerts_problems").Result > 0);

        var ready = await server.JsonAsync("/health/ready");
        ready.GetProperty("status").GetString().ShouldBe("ready");
        ready.GetProperty("alerting")[0].GetString()!.ShouldStartWith("channel log: ");
    }

    [Fact]
    public async Task A_server_whose_clock_was_ahead_judges_on_when_it_is_put_right()
    {
        await using var server = await TestServer.StartAsync(options => options.Alerts = Settings, clock: _clock);
        await SendErrorsAsync(server, 1);
        await UntilAsync(() => MetricAsync(server, "bitacora_alerts_lag_seconds").Result > 0);
        _clock.Advance(TimeSpan.FromDays(30));
        await UntilAsync(() => MetricAsync(server, "bitacora_alerts_skipped_minutes").Result > 0);

        _clock.AdjustTime(Start + TimeSpan.FromMinutes(10));
        await SendErrorsAsync(server, 11);
        await UntilAsync(() => File.ReadAllText(Log).Contains("FIRED: errors", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_alerts_nothing_is_judged_and_no_state_is_made()
    {
        await using var server = await TestServer.StartAsync(clock: _clock);
        _clock.Advance(TimeSpan.FromMinutes(3));
        (await MetricAsync(server, "bitacora_alerts_rules")).ShouldBe(0);
        File.Exists(Path.Combine(server.Data, "state.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task Faulty_rules_keep_a_server_from_starting()
    {
        var faulty = AlertSettings.Read("""{ "alerts": { "rules": { "a": { "query": "x" } } } }"""u8);
        var refused = await Should.ThrowAsync<ConfigurationException>(TestServer.StartAsync(options => options.Alerts = faulty));
        refused.Faults.ShouldHaveSingleItem().Key.ShouldBe("alerts:rules:a");
    }

    private async Task SendErrorsAsync(TestServer server, int count)
    {
        var time = _clock.GetUtcNow().ToString("O");
        var lines = Enumerable.Range(0, count).Select(i => $$"""{"time":"{{time}}","level":"ERROR","message":"failure {{i}}"}""");
        using var answer = await server.PostAsync("/api/logs", string.Join('\n', lines));
        answer.EnsureSuccessStatusCode();
    }

    private int Lines() => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    /// <summary>
    /// The server's time goes fifty times as fast as the machine's, and stands while a line is on its way to the disk: a channel gives it
    /// ten seconds, and one that takes longer is written again.
    /// </summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        var next = TimeSpan.Zero;
        while (!condition())
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            if (waited.Elapsed >= next && !_clock.IsHeld)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(500));
                next = waited.Elapsed + TimeSpan.FromMilliseconds(10);
            }

            await Task.Yield();
        }
    }

    private static async Task<double> MetricAsync(TestServer server, string name)
    {
        var text = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        var line = text.Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Knows whether anybody waits for a channel.</summary>
    private sealed class HeldClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private static readonly TimeSpan _channelDeadline = TimeSpan.FromSeconds(10);
        private int _deadlines;

        public bool IsHeld => Volatile.Read(ref _deadlines) > 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            return dueTime == _channelDeadline && period == Timeout.InfiniteTimeSpan ? new Deadline(timer, this) : timer;
        }

        private sealed class Deadline : ITimer
        {
            private readonly ITimer _timer;
            private HeldClock? _clock;

            public Deadline(ITimer timer, HeldClock clock)
            {
                (_timer, _clock) = (timer, clock);
                Interlocked.Increment(ref clock._deadlines);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _clock, null) is { } clock)
                {
                    Interlocked.Decrement(ref clock._deadlines);
                }

                _timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
