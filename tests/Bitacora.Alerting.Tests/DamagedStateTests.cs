using System.Text;
using Bitacora.Alerting.Evaluation;

namespace Bitacora.Alerting.Tests;

/// <summary>A value of the state store that cannot be read concerns what it is about and nothing else.</summary>
public sealed class DamagedStateTests : IDisposable
{
    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
    };

    private readonly AlertWorld _world = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"format":1,"groups":{"[]":""")]
    [InlineData("""{"format":1,"outbox":null}""")]
    [InlineData("""{"format":2}""")]
    public async Task A_rule_whose_state_cannot_be_read_keeps_no_other_from_being_judged_and_told(string damaged)
    {
        using var engine = Engine();
        await _world.JudgeAsync(engine, 1);
        await DamageAsync(RuleEvaluator.KeyOf("errors"), damaged);
        await _world.AppendAsync(1, 11);
        var report = await _world.JudgeAsync(engine, 2);

        report.Raised.Select(raised => raised.Rule).ShouldBe(["others", AlertSettings.BuiltInRule]);
        report.Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.Subject.ShouldBe("rule errors"),
            problem => problem.Text.ShouldStartWith("what is remembered as alerts/rules/errors cannot be read: "));
        (await engine.DeliverAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            delivery => delivery.Delivered.ShouldBe(2), delivery => delivery.Problems.ShouldBeEmpty());
        _output.ToString().ShouldContain("FIRED: others");
        var health = await engine.HealthAsync(CancellationToken.None);
        health.Problems.ShouldBe(report.Problems);
        AlertWorld.MinuteOf(health.LastMinute.ShouldNotBeNull()).ShouldBe(2);
        health.Firing.ShouldBe(1);
        (await engine.NextDeliveryAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Who_asks_how_rules_are_hears_of_all_others()
    {
        using var engine = Engine();
        await _world.AppendAsync(1, 11);
        await _world.JudgeAsync(engine, 2);
        await DamageAsync(RuleEvaluator.KeyOf("errors"), "{");
        var states = new AlertStates(Settings, _world.States, _world.Clock);

        var list = await states.ListAsync(CancellationToken.None);
        list.Select(status => (status.Rule.Name, status.Firing.Count, status.Problem is null))
            .ShouldBe([("errors", 0, false), ("others", 1, true)]);
        (await states.HistoryAsync(CancellationToken.None)).ShouldHaveSingleItem().Rule.ShouldBe("others");
    }

    [Fact]
    public async Task What_is_remembered_of_late_records_and_cannot_be_read_keeps_no_rule_from_being_judged()
    {
        using var engine = Engine();
        await _world.JudgeAsync(engine, 1);
        await DamageAsync("alerts/late", "{");
        await _world.AppendAsync(1, 11);
        var report = await _world.JudgeAsync(engine, 2);

        report.Raised.Select(raised => raised.Rule).ShouldBe(["errors", "others", AlertSettings.BuiltInRule]);
        report.Problems.Select(problem => problem.Subject).ShouldBe(["late records"]);
    }

    private static AlertSettings Settings { get; } =
        new() { Rules = [Errors, Errors with { Name = "others" }], Channels = [new StdoutSettings("out")] };

    private AlertEngine Engine() => _world.Engine(Settings, _output);

    private async Task DamageAsync(string key, string value)
    {
        var entry = await _world.States.GetAsync(key, CancellationToken.None);
        (await _world.States.TryPutAsync(key, Encoding.UTF8.GetBytes(value), entry?.Version ?? 0, CancellationToken.None)).ShouldBeTrue();
    }
}
