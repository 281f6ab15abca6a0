using Bitacora.Alerting.Evaluation;
using Bitacora.Testing.Http;

namespace Bitacora.Alerting.Tests;

/// <summary>A rule that is taken out of the configuration, or gets another name, while it fires.</summary>
public class RemovedRuleTests
{
    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
        By = ["logger"],
        Severity = AlertSeverity.Critical,
        Labels = new Dictionary<string, string> { ["team"] = "shop" },
        Channels = ["ops"],
    };

    private readonly AlertWorld _world = new();

    [Fact]
    public async Task Its_alerts_are_told_to_be_over_once_to_those_who_were_told_and_it_is_forgotten()
    {
        await using var receiver = new PlayedReceiver();
        await using var other = new PlayedReceiver();
        var channels = new[] { Webhook("ops", receiver), Webhook("others", other) };
        var fired = await FireAsync(_world.Engine(new AlertSettings { Rules = [Errors], Channels = channels }));
        var renamed = Errors with { Name = "renamed", Condition = new AlertCondition(ConditionOperator.MoreThan, 100) };
        using var engine = _world.Engine(new AlertSettings { Rules = [renamed], Channels = channels });
        var resolved = (await _world.JudgeAsync(engine, 3)).Raised.ShouldHaveSingleItem();

        resolved.ShouldSatisfyAllConditions(
            () => resolved.Rule.ShouldBe("errors"),
            () => resolved.Kind.ShouldBe(AlertKind.Resolved),
            () => resolved.Problem.ShouldBe("the rule was removed"),
            () => resolved.Severity.ShouldBe(AlertSeverity.Critical),
            () => resolved.Labels["team"].ShouldBe("shop"),
            () => resolved.By.ShouldBe(["logger"]),
            () => resolved.Groups.ShouldHaveSingleItem().AlertId.ShouldBe(fired.Groups[0].AlertId),
            () => resolved.Groups[0].Values.ShouldBe(["shop"]));
        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(2);
        receiver.Requests.Select(request => request.Body.Contains("\"kind\":\"resolved\"", StringComparison.Ordinal))
            .ShouldBe([false, true]);
        other.Requests.ShouldBeEmpty();
        (await _world.JudgeAsync(engine, 4)).Raised.ShouldBeEmpty();
        (await EntryAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_killed_before_it_is_stored_that_they_are_over_has_it_told_all_the_same()
    {
        await using var receiver = new PlayedReceiver();
        await FireAsync(_world.Engine(new AlertSettings { Rules = [Errors], Channels = [Webhook("ops", receiver)] }));
        using var engine = _world.Engine(new AlertSettings { Channels = [Webhook("ops", receiver)] });
        _world.States.Fault = _ => PutFault.Before;
        var report = await _world.JudgeAsync(engine, 3);
        report.Raised.ShouldBeEmpty();
        report.Problems.Select(problem => problem.Subject).ShouldContain("rule errors");
        _world.States.Fault = _ => PutFault.None;
        (await _world.JudgeAsync(engine, 4)).Raised.ShouldContain(raised => raised.Rule == "errors" && raised.Kind == AlertKind.Resolved);
    }

    [Fact]
    public async Task What_was_not_delivered_yet_is_kept_until_it_is()
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(500), PlayedReceiver.Ok);
        await FireAsync(_world.Engine(new AlertSettings { Rules = [Errors], Channels = [Webhook("ops", receiver)] }));
        using var engine = _world.Engine(new AlertSettings { Channels = [Webhook("ops", receiver)] });
        await engine.DeliverAsync(CancellationToken.None);
        for (var minute = 3; minute < 6; minute++)
        {
            await _world.JudgeAsync(engine, minute);
            await engine.DeliverAsync(CancellationToken.None);
        }

        receiver.Requests.Count.ShouldBe(3);
        await _world.JudgeAsync(engine, 6);
        (await EntryAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_silence_kept_untold_is_forgotten_without_a_word()
    {
        await new Silences(_world.States, _world.Clock).AddAsync(
            "errors", "ana", "deploy", AlertWorld.Start + TimeSpan.FromHours(3), CancellationToken.None);
        using var before = _world.Engine(new AlertSettings { Rules = [Errors], Channels = [new StdoutSettings("ops")] });
        await _world.AppendAsync(1, 11, "shop");
        (await _world.JudgeAsync(before, 2)).Raised.ShouldBeEmpty();
        using var engine = _world.Engine(new AlertSettings { Channels = [new StdoutSettings("ops")] });
        (await _world.JudgeAsync(engine, 3)).Raised.ShouldBeEmpty();
        (await EntryAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task What_an_earlier_version_stored_is_told_to_be_over_on_all_channels()
    {
        await using var receiver = new PlayedReceiver();
        await FireAsync(_world.Engine(new AlertSettings { Rules = [Errors], Channels = [new StdoutSettings("ops")] }));
        await new StateValue<RuleState>(_world.States, RuleEvaluator.KeyOf("errors")).ChangeAsync(
            state =>
            {
                state.Ending = null;
                state.Outbox.Clear();
                return true;
            },
            CancellationToken.None);
        using var engine = _world.Engine(new AlertSettings { Channels = [Webhook("others", receiver)] });
        (await _world.JudgeAsync(engine, 3)).Raised.ShouldHaveSingleItem().By.ShouldBe(["logger"]);
        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_read_is_dropped_and_told_once()
    {
        using var engine = _world.Engine(Errors);
        await _world.States.TryPutAsync(RuleEvaluator.KeyOf("gone"), "{"u8.ToArray(), 0, CancellationToken.None);

        (await _world.JudgeAsync(engine, 2)).Problems.ShouldHaveSingleItem().Subject.ShouldBe("rule gone");
        (await _world.JudgeAsync(engine, 3)).Problems.ShouldBeEmpty();
        (await _world.States.GetAsync(RuleEvaluator.KeyOf("gone"), CancellationToken.None)).ShouldBeNull();
    }

    private static WebhookSettings Webhook(string name, PlayedReceiver receiver) => new(name, new Uri(receiver.Url), null, null);

    private async Task<AlertNotification> FireAsync(AlertEngine engine)
    {
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11, "shop");
        return (await _world.JudgeAsync(engine, 2)).Raised.ShouldHaveSingleItem();
    }

    private async Task<Storage.StateEntry?> EntryAsync() =>
        await _world.States.GetAsync(RuleEvaluator.KeyOf("errors"), CancellationToken.None);
}
