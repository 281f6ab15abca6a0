using Bitacora.Alerting.Evaluation;

namespace Bitacora.Alerting.Tests;

public class EvaluationTests
{
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
    public async Task Of_many_records_of_one_moment_the_first_and_the_last_are_shown()
    {
        var world = new AlertWorld();
        using var engine = world.Engine(AlertSettings.Default.Rules[0]);
        await world.JudgeAsync(engine, 0);
        await world.AppendAsync(0, 30, atOnce: true);
        var raised = (await world.JudgeAsync(engine, 1)).Raised.ShouldHaveSingleItem();

        int[] expected = [.. Enumerable.Range(0, 5), .. Enumerable.Range(25, 5)];
        raised.Lines.Select(line => line.Message).ShouldBe(expected.Select(i => $"line {i} of minute 0"));
    }

    [Fact]
    public async Task A_rule_fires_once_and_tells_when_it_is_over()
    {
        var engine = _world.Engine(Errors);
        await _world.AppendAsync(1, 11);
        var told = new List<string>();
        for (var minute = 1; minute <= 10; minute++)
        {
            told.AddRange((await _world.JudgeAsync(engine, minute)).Raised.Select(raised => $"{minute} {raised.Kind}"));
        }

        told.ShouldBe(["2 Fired", "7 Resolved"]);
    }

    [Fact]
    public async Task A_window_is_judged_a_quarter_of_a_minute_after_its_end_and_not_before()
    {
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11);
        _world.Clock.SetUtcNow(AlertWorld.Start + TimeSpan.FromSeconds(134));
        (await engine.EvaluateAsync(CancellationToken.None)).Raised.ShouldBeEmpty();
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        (await engine.EvaluateAsync(CancellationToken.None)).Raised.ShouldHaveSingleItem();
        (await engine.EvaluateAsync(CancellationToken.None)).Raised.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_notification_says_what_was_counted()
    {
        var rule = Errors with { By = ["logger"], Severity = AlertSeverity.Critical };
        await _world.AppendAsync(1, 11, "a");
        await _world.AppendAsync(1, 30, "b");
        await _world.AppendAsync(1, 10, "c");
        var engine = _world.Engine(rule);
        var raised = (await _world.JudgeAsync(engine, 2)).Raised.ShouldHaveSingleItem();

        raised.ShouldSatisfyAllConditions(
            () => raised.Rule.ShouldBe("errors"),
            () => raised.Severity.ShouldBe(AlertSeverity.Critical),
            () => raised.Condition.ShouldBe("> 10"),
            () => AlertWorld.MinuteOf(raised.From).ShouldBe(-3),
            () => AlertWorld.MinuteOf(raised.To).ShouldBe(2),
            () => raised.Groups.Select(group => $"{group.Values.Single()} {group.Count}").ShouldBe(["b 30", "a 11"]),
            () => raised.Groups.Select(group => group.AlertId).Distinct().Count().ShouldBe(2));
    }

    [Fact]
    public async Task What_still_holds_is_told_again_after_the_repeat_interval()
    {
        var engine = _world.Engine(Errors with { Repeat = TimeSpan.FromMinutes(10) });
        var told = new List<string>();
        for (var minute = 1; minute <= 25; minute++)
        {
            await _world.AppendAsync(minute - 1, 11);
            told.AddRange((await _world.JudgeAsync(engine, minute)).Raised.Select(raised => $"{minute} {raised.Kind}"));
        }

        told.ShouldBe(["1 Fired", "11 Repeated", "21 Repeated"]);
    }

    [Fact]
    public async Task More_than_an_hour_that_nobody_judged_is_reported()
    {
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 0);
        await _world.AppendAsync(10, 11);
        await _world.AppendAsync(80, 11);
        var report = await _world.JudgeAsync(engine, 90);

        Own(report).Select(raised => $"{AlertWorld.MinuteOf(raised.To)} {raised.Kind}").ShouldBe(["81 Fired", "86 Resolved"]);
        report.Problems.ShouldHaveSingleItem().Text.ShouldBe("30 minutes before the last 60 were not judged: nobody could");
        (await _world.StateAsync(Errors)).Skipped.ShouldBe(30);
    }

    [Fact]
    public async Task A_partial_count_fires_what_it_proves()
    {
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11);
        _world.Store.IsPartial = true;
        var report = await _world.JudgeAsync(engine, 2);

        report.Raised.Where(raised => raised.Rule == "errors").ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Fired);
        report.Problems.ShouldContain(new AlertProblem("rule errors", "the count is partial: half of it was not read"));
    }

    [Fact]
    public async Task A_partial_count_neither_fires_absence_nor_resolves()
    {
        var engine = _world.Engine(Errors, Silent);
        await _world.AppendAsync(0, 11);
        Own(await _world.JudgeAsync(engine, 1)).ShouldHaveSingleItem().Rule.ShouldBe("errors");
        _world.Store.IsPartial = true;
        for (var minute = 2; minute <= 12; minute++)
        {
            Own(await _world.JudgeAsync(engine, minute)).ShouldBeEmpty();
        }

        // What could not be judged is made up for, each minute by its own window.
        _world.Store.IsPartial = false;
        Own(await _world.JudgeAsync(engine, 13)).Select(raised => $"{raised.Rule} {AlertWorld.MinuteOf(raised.To)} {raised.Kind}")
            .ShouldBe(["errors 6 Resolved", "silent 6 Fired"]);
    }

    [Fact]
    public async Task A_store_that_fails_is_a_problem_and_its_minutes_are_made_up_for()
    {
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11);
        _world.Store.Error = new IOException("no disk");
        (await _world.JudgeAsync(engine, 2)).Problems.ShouldContain(new AlertProblem("rule errors", "no disk"));
        _world.Store.Error = null;
        var raised = Own(await _world.JudgeAsync(engine, 20));
        raised.Select(one => $"{AlertWorld.MinuteOf(one.To)} {one.Kind}").ShouldBe(["2 Fired", "7 Resolved"]);
    }

    [Fact]
    public async Task Late_records_fire_as_late_once()
    {
        var engine = _world.Engine(Errors);
        for (var minute = 1; minute <= 20; minute++)
        {
            await _world.JudgeAsync(engine, minute);
        }

        await _world.AppendAsync(5, 11);
        var raised = (await _world.JudgeAsync(engine, 21)).Raised.ShouldHaveSingleItem();
        raised.Kind.ShouldBe(AlertKind.Late);
        AlertWorld.MinuteOf(raised.To).ShouldBe(6);
        await _world.AppendAsync(6, 30);
        (await _world.JudgeAsync(engine, 22)).Raised.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_that_come_after_23_hours_are_found_within_a_quarter_of_an_hour()
    {
        var engine = _world.Engine(Errors);
        const int Day = 23 * 60;
        for (var minute = 1; minute <= Day; minute += 30)
        {
            await _world.JudgeAsync(engine, minute);
        }

        await _world.AppendAsync(5, 11);
        var raised = new List<AlertNotification>();
        for (var minute = Day; minute <= Day + 15; minute++)
        {
            raised.AddRange((await _world.JudgeAsync(engine, minute)).Raised);
        }

        raised.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Late);
    }

    [Fact]
    public async Task Late_records_that_reach_the_present_open_an_alert_that_resolves()
    {
        var engine = _world.Engine(Errors);
        for (var minute = 1; minute <= 20; minute++)
        {
            await _world.JudgeAsync(engine, minute);
        }

        await _world.AppendAsync(17, 11);
        var told = new List<string>();
        for (var minute = 21; minute <= 30; minute++)
        {
            told.AddRange((await _world.JudgeAsync(engine, minute)).Raised.Select(raised => $"{minute} {raised.Kind}"));
        }

        told.ShouldBe(["21 Late", "23 Resolved"]);
    }

    [Fact]
    public async Task Of_two_that_judge_at_once_one_counts()
    {
        var (one, other) = (_world.Engine(Errors), _world.Engine(Errors));
        await _world.JudgeAsync(one, 1);
        await _world.AppendAsync(1, 11);
        AlertReport? others = null;
        _world.States.Fault = key =>
        {
            if (key == RuleEvaluator.KeyOf("errors") && others is null)
            {
                others = new AlertReport(0, [], []);
                _world.States.First = null;
                others = other.EvaluateAsync(CancellationToken.None).GetAwaiter().GetResult();
            }

            return PutFault.None;
        };
        var ours = await _world.JudgeAsync(one, 2);

        others.ShouldNotBeNull().Raised.ShouldHaveSingleItem();
        ours.Raised.ShouldBeEmpty();
        ours.Problems.ShouldBeEmpty();
        (await _world.StateAsync(Errors)).History.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_silenced_rule_is_judged_and_told_when_the_silence_ends()
    {
        var silences = new Silences(_world.States, _world.Clock);
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 0);
        await silences.AddAsync("errors", "ana", "deploy", AlertWorld.Start + TimeSpan.FromMinutes(3), CancellationToken.None);
        await _world.AppendAsync(1, 11);
        (await _world.JudgeAsync(engine, 2)).Raised.ShouldBeEmpty();
        (await _world.JudgeAsync(engine, 3)).Raised.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Fired);
        (await _world.JudgeAsync(engine, 7)).Raised.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Resolved);
    }

    [Fact]
    public async Task What_a_silence_kept_untold_is_not_told_to_be_over()
    {
        var silences = new Silences(_world.States, _world.Clock);
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 0);
        await silences.AddAsync(Silence.All, "ana", "deploy", AlertWorld.Start + TimeSpan.FromHours(3), CancellationToken.None);
        await _world.AppendAsync(1, 11);
        for (var minute = 1; minute <= 10; minute++)
        {
            (await _world.JudgeAsync(engine, minute)).Raised.ShouldBeEmpty();
        }

        (await _world.StateAsync(Errors)).History.Select(entry => (entry.Kind, entry.IsSilenced))
            .ShouldBe([(AlertKind.Fired, true), (AlertKind.Resolved, true)]);
    }

    [Fact]
    public async Task A_group_that_no_longer_comes_is_absent()
    {
        var engine = _world.Engine(Silent with { By = ["logger"] });
        await _world.JudgeAsync(engine, 0);
        await _world.AppendAsync(1, 1, "a");
        var told = new List<string>();
        for (var minute = 1; minute <= 20; minute++)
        {
            await _world.AppendAsync(minute, 1, "b");
            var raised = (await _world.JudgeAsync(engine, minute)).Raised;
            told.AddRange(raised.Select(one => $"{minute} {one.Kind} {one.Groups.Single().Values.Single()}"));
        }

        told.ShouldBe(["7 Fired a"]);
    }

    [Fact]
    public async Task A_rule_that_was_changed_ends_its_alerts_and_begins_anew()
    {
        await _world.AppendAsync(1, 11);
        (await _world.JudgeAsync(_world.Engine(Errors), 2)).Raised.ShouldHaveSingleItem();
        var changed = Errors with { Condition = new AlertCondition(ConditionOperator.MoreThan, 20) };
        (await _world.JudgeAsync(_world.Engine(changed), 3)).Raised.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Resolved);
    }

    [Fact]
    public async Task More_groups_than_can_be_remembered_are_a_problem()
    {
        var engine = _world.Engine(Errors with { By = ["logger"], Condition = new AlertCondition(ConditionOperator.AtLeast, 1) });
        for (var i = 0; i < RuleJudge.MaxGroups + 7; i++)
        {
            await _world.AppendAsync(1, 1, $"logger{i}");
        }

        var report = await _world.JudgeAsync(engine, 2);
        var raised = Own(report).ShouldHaveSingleItem();
        (raised.Groups.Count + raised.MoreGroups).ShouldBe(RuleJudge.MaxGroups);
        report.Problems.ShouldHaveSingleItem().Text.ShouldStartWith("7 groups were not judged");
    }

    [Fact]
    public async Task Groups_whose_alerts_are_over_give_way_to_those_that_fire_now()
    {
        var engine = _world.Engine(Errors with { By = ["logger"], Condition = new AlertCondition(ConditionOperator.AtLeast, 1) });
        for (var i = 0; i < RuleJudge.MaxGroups; i++)
        {
            await _world.AppendAsync(1, 1, $"logger{i}");
        }

        for (var minute = 2; minute <= 20; minute++)
        {
            await _world.JudgeAsync(engine, minute);
        }

        await _world.AppendAsync(20, 1, "new");
        var report = await _world.JudgeAsync(engine, 21);
        report.Problems.ShouldBeEmpty();
        Own(report).ShouldHaveSingleItem().Groups.ShouldHaveSingleItem().Values.ShouldBe(["new"]);
    }

    [Fact]
    public async Task Between_two_minutes_that_a_partial_count_proves_it_is_not_known_to_have_held()
    {
        var rule = Errors with { Window = TimeSpan.FromMinutes(1), For = TimeSpan.FromMinutes(2) };
        var engine = _world.Engine(rule);
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11);
        await _world.AppendAsync(2, 1);
        await _world.AppendAsync(3, 11);

        // What is left out is the minute in the middle.
        _world.Store.IsPartial = true;
        Own(await _world.JudgeAsync(engine, 4)).ShouldBeEmpty();
        _world.Store.IsPartial = false;
        Own(await _world.JudgeAsync(engine, 5)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_partial_count_does_not_make_a_rule_forget_since_when_it_holds()
    {
        var rule = Errors with { Window = TimeSpan.FromMinutes(1), For = TimeSpan.FromMinutes(4) };
        var engine = _world.Engine(rule);
        await _world.JudgeAsync(engine, 1);
        for (var minute = 1; minute < 6; minute++)
        {
            await _world.AppendAsync(minute, 11);
        }

        await _world.JudgeAsync(engine, 3);
        _world.Store.IsPartial = true;
        Own(await _world.JudgeAsync(engine, 5)).ShouldBeEmpty();
        _world.Store.IsPartial = false;
        Own(await _world.JudgeAsync(engine, 6)).ShouldHaveSingleItem().Groups.ShouldHaveSingleItem().Since
            .ShouldBe((AlertWorld.FirstMinute + 2) * Minutes.Ticks);
    }

    [Fact]
    public async Task What_ended_because_its_rule_is_grouped_otherwise_names_the_fields_of_then()
    {
        await _world.AppendAsync(1, 11, "shop");
        (await _world.JudgeAsync(_world.Engine(Errors with { By = ["logger"] }), 2)).Raised.ShouldHaveSingleItem();
        var ended = (await _world.JudgeAsync(_world.Engine(Errors with { By = ["host"] }), 3)).Raised
            .Single(raised => raised.Kind == AlertKind.Resolved);
        ended.By.ShouldBe(["logger"]);
        ended.Search.ShouldBe("(level:ERROR) logger=\"shop\"");
    }

    // Without what alerting says about itself.
    private static IEnumerable<AlertNotification> Own(AlertReport report) =>
        report.Raised.Where(raised => raised.Rule != AlertSettings.BuiltInRule);
}
