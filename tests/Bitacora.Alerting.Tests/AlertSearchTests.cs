using Bitacora.Query;
using Bitacora.Storage;

namespace Bitacora.Alerting.Tests;

public class AlertSearchTests
{
    [Fact]
    public async Task The_search_of_a_group_finds_its_records_and_no_others()
    {
        string?[] loggers = [null, "a", "A", "a b", "say \"no\"", @"c:\x", "*", "a*", "1", "1.0", "true", "é", "OR", "(", "-x", "x|y"];
        var world = new AlertWorld();
        var rule = new AlertRule
        {
            Name = "all",
            Query = "level:ERROR OR level:CRITICAL",
            By = ["logger"],
            Condition = new(ConditionOperator.AtLeast, 1),
        };
        var engine = world.Engine(rule);
        for (var i = 0; i < loggers.Length; i++)
        {
            await world.AppendAsync(1, i + 1, loggers[i]);
        }

        var raised = (await world.JudgeAsync(engine, 2)).Raised.ShouldHaveSingleItem();
        raised.Groups.Count.ShouldBe(loggers.Length);
        foreach (var group in raised.Groups)
        {
            var one = raised with { Groups = [group] };
            (await CountAsync(world, one)).ShouldBe(group.Count, one.Search);
        }

        var three = raised with { Groups = [.. raised.Groups.Take(3)] };
        (await CountAsync(world, three)).ShouldBe(three.Groups.Sum(group => group.Count));
    }

    [Fact]
    public async Task A_notification_shows_the_first_and_the_last_of_its_records()
    {
        var world = new AlertWorld();
        var engine = world.Engine(new AlertRule
        {
            Name = "all",
            Query = "level:ERROR",
            By = ["logger"],
            Condition = new(ConditionOperator.MoreThan, 5),
        });
        await world.JudgeAsync(engine, 0);
        await world.AppendAsync(1, 40, "a");
        await world.AppendAsync(1, 3, "b");
        var raised = (await world.JudgeAsync(engine, 2)).Raised.ShouldHaveSingleItem();

        raised.Lines.Select(line => line.Message).ShouldBe(
            new[] { 0, 1, 2, 3, 4, 35, 36, 37, 38, 39 }.Select(i => $"line {i} of minute 1"));
        raised.LinesProblem.ShouldBeNull();
    }

    [Fact]
    public async Task Lines_that_cannot_be_read_do_not_keep_an_alert_back()
    {
        var world = new AlertWorld();
        var engine = world.Engine(new AlertRule { Name = "all", Query = "*", Condition = new(ConditionOperator.MoreThan, 5) });
        await world.JudgeAsync(engine, 0);
        await world.AppendAsync(1, 8);

        // One query looks for late records, one counts.
        world.Store.FailAfter = world.Store.Queries + 2;
        var raised = (await world.JudgeAsync(engine, 2)).Raised.ShouldHaveSingleItem();
        raised.Lines.ShouldBeEmpty();
        raised.LinesProblem.ShouldBe("no more queries");
    }

    private static async Task<long> CountAsync(AlertWorld world, AlertNotification notification)
    {
        var query = QueryParser.Parse($"{notification.Search} | count", new QueryContext
        {
            Now = AlertWorld.Start,
            FromTicks = notification.From,
            ToTicks = notification.To,
        });
        await foreach (var part in world.Store.QueryAsync(query, QueryOptions.Default, CancellationToken.None))
        {
            if (part is AnswerGroup group)
            {
                return (long)group.Values[^1]!;
            }
        }

        return 0;
    }
}
