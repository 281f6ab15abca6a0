using Bitacora.Alerting.Evaluation;
using Bitacora.Testing.Http;

namespace Bitacora.Alerting.Tests;

/// <summary>A clock that was days ahead and is put right.</summary>
public class ClockJumpTests
{
    private const int Ahead = 3 * 24 * 60;

    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
    };

    private static readonly AlertRule Silent = new()
    {
        Name = "silent",
        Query = "*",
        Condition = new AlertCondition(ConditionOperator.Absent, 0),
    };

    private readonly AlertWorld _world = new();

    [Fact]
    public async Task What_fired_while_the_clock_was_ahead_ends_when_it_is_right_again()
    {
        var engine = _world.Engine(Silent);
        await _world.AppendAsync(1, 1);
        (await _world.JudgeAsync(engine, 2)).Raised.ShouldBeEmpty();
        Own(await _world.JudgeAsync(engine, Ahead)).ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Fired);

        Own(await JudgeAgainAtAsync(engine, 3)).ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Resolved);
        Own(await _world.JudgeAsync(engine, 20)).ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Fired);
    }

    [Fact]
    public async Task Late_records_are_found_again_after_the_clock_was_ahead()
    {
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, Ahead);
        await JudgeAgainAtAsync(engine, 3);
        for (var minute = 4; minute <= 15; minute++)
        {
            Own(await _world.JudgeAsync(engine, minute)).ShouldBeEmpty();
        }

        await _world.AppendAsync(5, 11);
        Own(await _world.JudgeAsync(engine, 16)).ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Late);
    }

    [Fact]
    public async Task What_waited_for_a_time_ahead_is_sent_when_the_clock_is_right_again()
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(500), PlayedReceiver.Ok);
        var engine = _world.Engine(Settings(receiver));
        await _world.JudgeAsync(engine, Ahead - 1);
        await _world.AppendAsync(Ahead - 1, 11);
        await _world.JudgeAsync(engine, Ahead);
        await engine.DeliverAsync(CancellationToken.None);
        receiver.Requests.ShouldHaveSingleItem();

        _world.Clock.AdjustTime(AlertWorld.Start);
        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(1);
    }

    [Fact]
    public async Task A_problem_of_a_time_ahead_is_told_to_be_over()
    {
        var engine = _world.Engine(Errors);
        _world.Store.Error = new IOException("no disk");
        (await _world.JudgeAsync(engine, Ahead)).Raised.ShouldNotBeEmpty();
        _world.Store.Error = null;
        (await JudgeAgainAtAsync(engine, 3)).Raised.ShouldAllBe(raised => raised.Kind == AlertKind.Resolved);
        (await engine.HealthAsync(CancellationToken.None)).Problems.ShouldBeEmpty();
    }

    private static AlertSettings Settings(PlayedReceiver receiver) => new()
    {
        Rules = [Errors],
        Channels = [new WebhookSettings("ops", new Uri(receiver.Url), null, null)],
    };

    private Task<AlertReport> JudgeAgainAtAsync(AlertEngine engine, int minute)
    {
        _world.Clock.AdjustTime(AlertWorld.Start + TimeSpan.FromMinutes(minute) + Minutes.Grace);
        return engine.EvaluateAsync(CancellationToken.None);
    }

    private static IEnumerable<AlertNotification> Own(AlertReport report) =>
        report.Raised.Where(raised => raised.Rule != AlertSettings.BuiltInRule);
}
