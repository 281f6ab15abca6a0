using System.Runtime.CompilerServices;
using Bitacora.Query;
using Bitacora.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Alerting.Tests;

/// <summary>
/// Rules that layer, level, source and logger decide share their counts. That they count the same as each by itself is proven by
/// generated records (<c>GeneratedAlerts</c>), for every store.
/// </summary>
public class SharedCountsTests
{
    private static readonly AlertRule[] Rules =
    [
        .. Enumerable.Range(0, 50).Select(i => new AlertRule
        {
            Name = $"rule-{i}",
            Query = i % 2 == 0 ? "level:ERROR NOT source:none" : "layer:application logger:shop.*",
            By = i % 3 == 0 ? ["logger"] : [],
            Condition = new AlertCondition(ConditionOperator.MoreThan, 2),
        }),
    ];

    [Theory]
    [InlineData("level:ERROR NOT source:none", "", 1)]
    [InlineData("(layer:infrastructure OR logger:*) level>=WARNING", "level", 1)]
    [InlineData("source~\"^s\"", "source", 1)]
    [InlineData("*", "", 1)]
    [InlineData("failure", "", 2)]
    [InlineData("host:web", "", 2)]
    [InlineData("metadata.logger:x", "", 2)]
    [InlineData("level:ERROR", "host", 2)]
    [InlineData("level:ERROR", "metadata.level", 2)]
    public async Task Two_rules_of_one_window_ask_once_if_counts_decide_them(string filter, string by, int questions)
    {
        var world = new AlertWorld();
        using var engine = world.Engine(Rule("a", filter, by), Rule("b", filter, by));
        await world.JudgeAsync(engine, 1);
        var before = world.Store.Queries;
        await world.JudgeAsync(engine, 2);

        // One of them looks for late records.
        (world.Store.Queries - before).ShouldBe(1 + questions);
    }

    [Fact]
    public async Task Fifty_rules_ask_once_a_minute_and_once_for_minutes_that_were_missed()
    {
        var world = new AlertWorld();
        using var engine = world.Engine(Rules);
        await world.JudgeAsync(engine, 1);
        await world.AppendAsync(1, 3, "shop.db");
        var before = world.Store.Queries;
        var raised = (await world.JudgeAsync(engine, 2)).Raised;

        raised.Select(one => one.Rule).ShouldBe(Rules.Select(rule => rule.Name));
        raised.ShouldAllBe(one => one.Matching == 3);
        (world.Store.Queries - before).ShouldBe(2 + Rules.Length, "of each alert the lines");

        before = world.Store.Queries;
        raised = (await world.JudgeAsync(engine, 30)).Raised;
        raised.Count(one => one.Kind == AlertKind.Resolved).ShouldBe(Rules.Length);
        (world.Store.Queries - before).ShouldBe(1 + 2, "each layer by minutes");
    }

    [Fact]
    public async Task Where_there_are_too_many_kinds_to_share_each_rule_asks_for_itself()
    {
        var world = new AlertWorld();
        await world.AppendAsync(1, 3, "shop.db");
        async IAsyncEnumerable<AnswerPart> AskAsync(
            LogQuery query, QueryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var part in world.Store.QueryAsync(query, options, cancellationToken))
            {
                yield return part is AnswerEnd end && query.Aggregate?.Keys.Count >= 4
                    ? end with { Completeness = Completeness.Partial("too-many-groups", "more groups than an answer holds") }
                    : part;
            }
        }

        var clock = new FakeTimeProvider(AlertWorld.Start.AddMinutes(2).AddSeconds(15));
        using var engine = new AlertEngine(
            new AlertSettings { Rules = Rules }, AskAsync, new MemoryStateStore(clock), TextWriter.Null, clock, new Random(1));
        var report = await engine.EvaluateAsync(CancellationToken.None);
        report.Problems.ShouldBeEmpty();
        report.Raised.Count.ShouldBe(Rules.Length);
    }

    private static AlertRule Rule(string name, string filter, string by) => new()
    {
        Name = name,
        Query = filter,
        By = by.Length == 0 ? [] : [by],
        Condition = new AlertCondition(ConditionOperator.MoreThan, 2),
    };
}
