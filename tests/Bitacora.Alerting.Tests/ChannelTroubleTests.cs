using System.Text.Json;
using Bitacora.Alerting.Evaluation;
using Bitacora.Alerting.Outbox;
using Bitacora.Records;
using Bitacora.Testing.Http;

namespace Bitacora.Alerting.Tests;

/// <summary>Channels that are away, slow, or refuse one message for ever, and those beside and behind them.</summary>
public sealed class ChannelTroubleTests : IDisposable
{
    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
    };

    private readonly AlertWorld _world = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-trouble");

    private FileSettings Log => new("log", Path.Combine(_directory.FullName, "alerts.log"));

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_a_receiver_has_is_not_sent_again_where_only_the_remembering_failed()
    {
        await using var receiver = new PlayedReceiver();
        var engine = _world.Engine(new AlertSettings { Rules = [Errors], Channels = [Webhook(receiver)] });
        await FireAsync(engine);
        _world.States.Fault = _ => PutFault.Before;
        await Should.ThrowAsync<IOException>(engine.DeliverAsync(CancellationToken.None));
        await Should.ThrowAsync<IOException>(engine.DeliverAsync(CancellationToken.None));
        _world.States.Fault = _ => PutFault.None;
        await engine.DeliverAsync(CancellationToken.None);
        receiver.Requests.ShouldHaveSingleItem();
        (await engine.HealthAsync(CancellationToken.None)).Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_rule_that_fires_on_and_on_a_channel_that_is_away_keeps_no_other_back()
    {
        const int Last = 260;
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(500));
        var often = Errors with { Repeat = TimeSpan.FromMinutes(1) };
        using var engine = _world.Engine(new AlertSettings { Rules = [often], Channels = [Webhook(receiver), Log] });
        await _world.JudgeAsync(engine, 1);
        for (var minute = 2; minute <= Last; minute++)
        {
            await _world.AppendAsync(minute - 1, 11);
            await _world.JudgeAsync(engine, minute);
            await engine.DeliverAsync(CancellationToken.None);
        }

        (await File.ReadAllLinesAsync(Log.Path)).Count(line => line.Contains("STILL FIRING: errors", StringComparison.Ordinal)
            || line.Contains("FIRED: errors", StringComparison.Ordinal)).ShouldBe(Last - 1);
        var state = await _world.StateAsync(often);
        state.Outbox.Count.ShouldBe(200);
        state.GivenUp.ShouldBe(Last - 1 - 200);
    }

    [Fact]
    public async Task What_a_receiver_refuses_for_ever_does_not_keep_back_what_other_rules_have_to_tell()
    {
        var bad = PlayedReceiver.Status(400);
        await using var receiver = new PlayedReceiver(bad, bad, bad, PlayedReceiver.Ok, bad);
        using var engine = _world.Engine(new AlertSettings
        {
            Rules = [Errors, Errors with { Name = "others" }],
            Channels = [Webhook(receiver)],
        });
        await FireAsync(engine);
        for (var i = 0; i < 3; i++)
        {
            await engine.DeliverAsync(CancellationToken.None);
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        receiver.Requests.Select(RuleOf).ShouldBe(["errors", "errors", "errors", "others"]);
        (await engine.HealthAsync(CancellationToken.None)).Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_receiver_gets_its_messages_bit_by_bit_so_that_rules_are_judged_meanwhile()
    {
        await using var output = new SlowWriter(_world.Clock, TimeSpan.FromSeconds(9));
        using var engine = _world.Engine(
            new AlertSettings
            {
                Rules = [.. Enumerable.Range(0, 20).Select(i => Errors with { Name = $"errors{i}" })],
                Channels = [new StdoutSettings("out")],
            },
            output);
        await FireAsync(engine);
        var before = _world.Clock.GetUtcNow();
        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBeLessThan(20);
        (_world.Clock.GetUtcNow() - before).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 10; i++)
        {
            await engine.DeliverAsync(CancellationToken.None);
        }

        output.ToString().Split("FIRED").Length.ShouldBe(21);
    }

    [Fact]
    public async Task Too_many_problems_to_remember_end_none_of_those_that_are_remembered()
    {
        var settings = new AlertSettings { Channels = [Log] };
        var builtIn = new BuiltInAlert(settings, _world.States, _world.Clock);
        var channel = new AlertProblem("channel ops", "it answered 500");
        AlertProblem[] many = [.. Enumerable.Range(0, 120).Select(i => new AlertProblem($"rule {i}", "no disk")), channel];
        (await builtIn.ReportAsync(1000, [channel], CancellationToken.None)).ShouldHaveSingleItem();
        (await builtIn.ReportAsync(1001, many, CancellationToken.None)).ShouldAllBe(raised => raised.Kind == AlertKind.Fired);
    }

    [Fact]
    public async Task Problems_that_come_and_go_while_a_channel_is_away_keep_no_other_back()
    {
        var settings = new AlertSettings { Channels = [Log, new FileSettings("away", Path.Combine(_directory.FullName, "no", "log"))] };
        var builtIn = new BuiltInAlert(settings, _world.States, _world.Clock);
        var text = new string('x', 400);
        for (var minute = 1000; minute < 2500; minute++)
        {
            AlertProblem[] problems = minute % 2 == 0 ? [new AlertProblem("rule a", text)] : [];
            (await builtIn.ReportAsync(minute, problems, CancellationToken.None)).ShouldHaveSingleItem();
        }

        var key = RuleEvaluator.KeyOf(AlertSettings.BuiltInRule);
        var (state, _) = await new StateValue<RuleState>(_world.States, key).LoadAsync(CancellationToken.None);
        state.LastMinute.ShouldBe(2499);
        state.Outbox.Count.ShouldBe(200);
        state.GivenUp.ShouldBe(2 * (1500 - 200));
    }

    [Fact]
    public void A_state_that_nothing_makes_small_enough_gives_up_its_oldest_messages_and_counts_them()
    {
        var state = new RuleState();
        var labels = Enumerable.Range(0, 16).ToDictionary(i => $"{i}{new string('n', 200)}", _ => new string('t', 256));
        for (var i = 0; i < 200; i++)
        {
            state.Outbox.Add(new OutboxEntry
            {
                Notification = TestNotifications.Errors with { Id = $"{i:x16}", Labels = labels },
                Raised = i,
                Pending = [new PendingDelivery { Channel = "ops" }],
            });
        }

        StateBudget.Fit(state).ShouldBeTrue();
        StateValue<RuleState>.Write(state).Length.ShouldBeLessThan(1 << 20);
        state.Outbox.Count.ShouldBeGreaterThan(50);
        state.Outbox[^1].Raised.ShouldBe(199);
        state.GivenUp.ShouldBe(200 - state.Outbox.Count);
    }

    private static WebhookSettings Webhook(PlayedReceiver receiver) => new("ops", new Uri(receiver.Url), null, null);

    private static string RuleOf((string Head, string Body) request)
    {
        using var json = JsonDocument.Parse(request.Body);
        return json.RootElement.GetProperty("rule").GetString()!;
    }

    private async Task FireAsync(AlertEngine engine)
    {
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11, level: Level.Error);
        (await _world.JudgeAsync(engine, 2)).Raised.ShouldNotBeEmpty();
    }
}
