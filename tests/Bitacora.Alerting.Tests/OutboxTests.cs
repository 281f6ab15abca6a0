using System.Text.Json;
using Bitacora.Alerting.Evaluation;
using Bitacora.Testing.Http;

namespace Bitacora.Alerting.Tests;

public sealed class OutboxTests : IDisposable
{
    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
    };

    private readonly AlertWorld _world = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-outbox");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_is_raised_is_delivered_to_every_channel_once()
    {
        await using var receiver = new PlayedReceiver();
        var engine = await FiredAsync(Webhook(receiver), Log);

        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(2);
        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(0);
        IdOf(receiver.Requests.ShouldHaveSingleItem().Body).Length.ShouldBe(16);
        (await File.ReadAllLinesAsync(Log.Path)).ShouldHaveSingleItem();
        (await engine.HealthAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            health => health.Waiting.ShouldBe(0), health => health.Firing.ShouldBe(1), health => health.Problems.ShouldBeEmpty());
    }

    [Fact]
    public async Task A_channel_that_is_away_for_an_hour_loses_nothing_and_keeps_no_other_back()
    {
        await using var receiver = new PlayedReceiver(
            PlayedReceiver.Status(500), PlayedReceiver.Reset, PlayedReceiver.Status(503), PlayedReceiver.Status(502), PlayedReceiver.Ok);
        var engine = await FiredAsync(Webhook(receiver), Log);
        var problems = new List<string>();
        for (var second = 0; second < 3600; second += 5)
        {
            problems.AddRange((await engine.DeliverAsync(CancellationToken.None)).Problems.Select(problem => problem.Text));
            _world.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        receiver.Requests.Select(request => IdOf(request.Body)).Distinct().ShouldHaveSingleItem();
        receiver.Requests.Count.ShouldBe(5);
        problems.Count.ShouldBe(4);
        (await File.ReadAllLinesAsync(Log.Path)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(429, "Retry-After: 100\r\n"), PlayedReceiver.Ok);
        var engine = await FiredAsync(Webhook(receiver));
        await engine.DeliverAsync(CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromSeconds(99));
        await engine.DeliverAsync(CancellationToken.None);
        receiver.Requests.Count.ShouldBe(1);
        (await engine.NextDeliveryAsync(CancellationToken.None)).ShouldBe(_world.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.DeliverAsync(CancellationToken.None);
        receiver.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_sender_that_is_killed_before_it_remembers_sends_the_same_again()
    {
        await using var receiver = new PlayedReceiver();
        var engine = await FiredAsync(Webhook(receiver));
        _world.States.Fault = _ => PutFault.Before;
        await Should.ThrowAsync<IOException>(engine.DeliverAsync(CancellationToken.None));
        await engine.ResignAsync(CancellationToken.None);
        _world.States.Fault = _ => PutFault.None;
        using var next = _world.Engine(Settings(Webhook(receiver)));
        await next.DeliverAsync(CancellationToken.None);
        await next.DeliverAsync(CancellationToken.None);

        receiver.Requests.Count.ShouldBe(2);
        receiver.Requests.Select(request => request.Body).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sender_that_is_told_to_stop_when_a_receiver_has_taken_it_remembers_that(bool isAtFlush)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, isAtFlush);
        var engine = _world.Engine(Settings(new StdoutSettings("out")), output);
        await FireAsync(engine);
        await engine.DeliverAsync(stop.Token);
        stop.IsCancellationRequested.ShouldBeTrue();
        (await engine.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(0);
        output.ToString().Split("FIRED").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_raise_while_a_delivery_is_remembered_loses_neither()
    {
        await using var receiver = new PlayedReceiver();
        var engine = await FiredAsync(Webhook(receiver));
        _world.States.First = async () => await _world.JudgeAsync(engine, 7);
        await engine.DeliverAsync(CancellationToken.None);
        await engine.DeliverAsync(CancellationToken.None);

        receiver.Requests.Select(request => Text(request.Body, "kind")).ShouldBe(["fired", "resolved"]);
    }

    [Fact]
    public async Task Of_two_engines_only_the_one_with_the_lease_sends()
    {
        await using var receiver = new PlayedReceiver();
        var leader = await FiredAsync(Webhook(receiver));
        var other = _world.Engine(Settings(Webhook(receiver)));
        (await leader.TryLeadAsync(CancellationToken.None)).ShouldBeTrue();
        (await other.TryLeadAsync(CancellationToken.None)).ShouldBeFalse();
        (await other.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(0);
        await leader.ResignAsync(CancellationToken.None);
        (await other.DeliverAsync(CancellationToken.None)).Delivered.ShouldBe(1);
    }

    [Fact]
    public async Task What_no_channel_takes_for_three_days_is_given_up_and_counted()
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(410));
        var engine = await FiredAsync(Webhook(receiver));
        await engine.DeliverAsync(CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        (await engine.DeliverAsync(CancellationToken.None)).Problems.ShouldHaveSingleItem().Text.ShouldEndWith("it is given up");
        (await engine.HealthAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            health => health.GivenUp.ShouldBe(1), health => health.Waiting.ShouldBe(0));
    }

    [Fact]
    public async Task A_channel_that_fails_is_told_on_the_others_once_and_when_it_is_well_again()
    {
        await using var receiver = new PlayedReceiver(
            PlayedReceiver.Status(500), PlayedReceiver.Status(500), PlayedReceiver.Status(500), PlayedReceiver.Ok);
        var engine = await FiredAsync(Webhook(receiver), Log);
        for (var minute = 3; minute <= 12; minute++)
        {
            await engine.DeliverAsync(CancellationToken.None);
            await _world.JudgeAsync(engine, minute);
        }

        await engine.DeliverAsync(CancellationToken.None);
        var told = (await File.ReadAllLinesAsync(Log.Path)).Where(line => line.Contains("alerting:", StringComparison.Ordinal)).ToArray();
        told.Length.ShouldBe(2);
        told[0].ShouldContain("[critical] FIRED: alerting: channel ops: it answered 500");
        told[1].ShouldContain("[critical] RESOLVED: alerting: channel ops");
        receiver.Requests.ShouldAllBe(request => !request.Body.Contains("channel ops", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rule_that_cannot_be_judged_is_told_once_and_when_it_can()
    {
        var engine = _world.Engine(Settings(Log));
        await _world.JudgeAsync(engine, 1);
        _world.Store.Error = new IOException("no disk");
        for (var minute = 2; minute <= 9; minute++)
        {
            var report = await _world.JudgeAsync(engine, minute);
            report.Problems.ShouldNotBeEmpty();
            (await engine.EvaluateAsync(CancellationToken.None)).Raised.ShouldBeEmpty();
        }

        (await engine.HealthAsync(CancellationToken.None)).Problems.Select(problem => problem.Subject)
            .ShouldBe(["late records", "rule errors"], ignoreOrder: true);
        _world.Store.Error = null;
        await _world.JudgeAsync(engine, 10);
        await engine.DeliverAsync(CancellationToken.None);
        var lines = await File.ReadAllLinesAsync(Log.Path);
        lines.Count(line => line.Contains("FIRED: alerting: rule errors: no disk", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.Contains("RESOLVED: alerting: rule errors", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_test_message_says_that_it_is_one_and_leaves_no_trace()
    {
        var engine = _world.Engine(Settings(Log));
        await engine.TestAsync("errors", "log", CancellationToken.None);
        (await File.ReadAllLinesAsync(Log.Path)).ShouldHaveSingleItem().ShouldContain("TEST: errors");
        (await _world.StateAsync(Errors)).History.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(engine.TestAsync("none", "log", CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(engine.TestAsync("errors", "none", CancellationToken.None));
    }

    [Fact]
    public void A_state_that_is_too_large_loses_lines_before_alerts()
    {
        var state = new RuleState();
        var line = new AlertLine(1, Records.Level.Error, "s", "l", "r", new string('m', 400), new string('f', 400), new string('l', 400));
        for (var i = 0; i < 200; i++)
        {
            state.Outbox.Add(new OutboxEntry
            {
                Notification = TestNotifications.Errors with { Id = $"{i:x16}", Lines = [.. Enumerable.Repeat(line, 10)] },
                Raised = 1,
                Pending = [new PendingDelivery { Channel = "ops" }],
            });
        }

        StateBudget.Fit(state).ShouldBeTrue();
        StateValue<RuleState>.Write(state).Length.ShouldBeLessThan(1 << 20);
        state.Outbox.Count.ShouldBe(200);
        state.Outbox[0].Notification.LinesProblem.ShouldNotBeNull();
    }

    private FileSettings Log => new("log", Path.Combine(_directory.FullName, "alerts.log"));

    private static WebhookSettings Webhook(PlayedReceiver receiver) => new("ops", new Uri(receiver.Url), null, null);

    private static AlertSettings Settings(params ChannelSettings[] channels) => new() { Rules = [Errors], Channels = channels };

    private static string IdOf(string body) => Text(body, "id");

    private static string Text(string body, string name)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(name).GetString()!;
    }

    private Task<AlertEngine> FiredAsync(params ChannelSettings[] channels) => FireAsync(_world.Engine(Settings(channels)));

    private async Task<AlertEngine> FireAsync(AlertEngine engine)
    {
        await _world.JudgeAsync(engine, 1);
        await _world.AppendAsync(1, 11);
        (await _world.JudgeAsync(engine, 2)).Raised.ShouldHaveSingleItem();
        return engine;
    }
}
