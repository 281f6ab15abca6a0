using Bitacora.Alerting.Evaluation;
using CsCheck;

namespace Bitacora.Alerting.Tests;

public class EvaluationPropertyTests
{
    private const int Length = 90;

    private static readonly Gen<AlertRule> Rule = Gen.Select(
        Gen.Int[1, 6], Gen.Int[0, 3], Gen.Enum<ConditionOperator>(), Gen.Int[0, 6], Gen.Bool,
        (window, lasting, compared, threshold, isByLogger) => new AlertRule
        {
            Name = "rule",
            Query = "level:ERROR",
            Window = TimeSpan.FromMinutes(window),
            For = TimeSpan.FromMinutes(lasting),
            Condition = new AlertCondition(compared, compared == ConditionOperator.Absent ? 0 : threshold),
            By = isByLogger ? ["logger"] : [],
            Repeat = TimeSpan.FromDays(30),
        });

    private static readonly Gen<(int Minute, string? Logger, int Delay)[]> Records = Gen.Select(
        Gen.Int[-10, Length - 1],
        Gen.Int[0, 2].Select(i => i == 0 ? null : "ab"[i - 1].ToString()),
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 80]))).Array[0, 150];

    private static readonly Gen<AlertRule> Rising =
        Rule.Where(rule => rule.Condition.IsProvenByPart && !rule.Condition.HoldsForNothing);

    /// <summary>Whether rules are judged at a minute, and what becomes of each value that is put then.</summary>
    private static readonly Gen<(bool IsUp, int Fault)[]> Process =
        Gen.Select(Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))), Gen.Int[0, 7]).Array[Length + 1];

    [Fact]
    public async Task Whatever_stops_and_kills_come_between_a_rule_tells_what_counting_from_scratch_finds() =>
        await Gen.Select(Rule, Records, Process).SampleAsync(
            async (rule, records, process) =>
            {
                var world = new AlertWorld();
                var engine = world.Engine(rule);
                foreach (var group in records.GroupBy(record => (record.Minute, record.Logger)))
                {
                    await world.AppendAsync(group.Key.Minute, group.Count(), group.Key.Logger);
                }

                // The first judgement says where a rule begins; the last makes up for what was missed.
                await world.JudgeAsync(engine, 0);
                for (var minute = 1; minute <= Length; minute++)
                {
                    if (process[minute].IsUp || minute == Length || minute % 50 == 0)
                    {
                        var fault = process[minute].Fault;
                        world.States.Fault = key =>
                            key == RuleEvaluator.KeyOf(rule.Name) && fault < 2 ? (PutFault)(fault + 1) : PutFault.None;
                        await world.JudgeAsync(engine, minute);
                    }
                }

                world.States.Fault = _ => PutFault.None;
                await world.JudgeAsync(engine, Length);

                var model = new AlertModel(rule, [.. records.Select(record => (record.Minute, record.Logger))]);
                var history = (await world.StateAsync(rule)).History;

                // Only the newest are kept: what has the minute of the oldest or comes before may be gone.
                var kept = history.Count < 100 ? long.MinValue : history[0].Minute + 1 - AlertWorld.FirstMinute;
                var told = from entry in history
                           let minute = entry.Minute - AlertWorld.FirstMinute
                           where minute >= kept
                           select $"{minute} {entry.Kind} {LoggerOf(entry.Group)} {entry.Count}";
                told.Order(StringComparer.Ordinal).ShouldBe(model.Told(0, Length, kept));
            },
            iter: 100);

    [Fact]
    public async Task However_late_records_come_what_they_prove_is_told_and_nothing_else() =>
        await Gen.Select(Rising, Records, Process).SampleAsync(
            async (rule, records, process) =>
            {
                var world = new AlertWorld();
                var engine = world.Engine(rule);
                var raised = new List<(int Minute, AlertNotification Notification)>();
                for (var minute = 0; minute <= Length + 90; minute++)
                {
                    var arriving = records.Where(record => Math.Max(record.Minute, -1) + record.Delay == minute - 1);
                    foreach (var group in arriving.GroupBy(record => (record.Minute, record.Logger)))
                    {
                        await world.AppendAsync(group.Key.Minute, group.Count(), group.Key.Logger);
                    }

                    if (minute == 0 || minute > Length || process[minute].IsUp || minute % 50 == 0)
                    {
                        var report = await world.JudgeAsync(engine, minute);
                        report.Problems.ShouldBeEmpty();
                        raised.AddRange(report.Raised.Select(notification => (minute, notification)));
                    }
                }

                // All that holds in the end, judged by all records, was told, and is remembered as told.
                var model = new AlertModel(rule, [.. records.Select(record => (record.Minute, record.Logger))]);
                var state = await world.StateAsync(rule);
                foreach (var group in model.Groups)
                {
                    var key = rule.By.Count == 0 ? GroupKeyText.Whole : GroupKeyText.Of([group]);
                    var spans = state.Groups.GetValueOrDefault(key)?.Spans ?? [];
                    for (var end = 1 + (int)rule.For.TotalMinutes; end <= Length; end++)
                    {
                        // Only the newest spans are kept.
                        var minute = AlertWorld.FirstMinute + end;
                        if (model.IsFiring(group, end, 1) && !(spans.Count == RuleJudge.MaxSpans && minute < spans[0].First))
                        {
                            spans.ShouldContain(span => span.First <= minute && minute <= span.Last, $"{group} at {end}");
                        }
                    }
                }

                // And whatever was told is true of the records that had come by then.
                foreach (var (minute, notification) in raised.Where(entry => entry.Notification.Kind != AlertKind.Resolved))
                {
                    var come = new AlertModel(
                        rule,
                        [.. records.Where(r => Math.Max(r.Minute, -1) + r.Delay < minute).Select(r => (r.Minute, r.Logger))]);
                    foreach (var group in notification.Groups)
                    {
                        var logger = group.Values is [var one] ? one : null;
                        come.Count(logger, AlertWorld.MinuteOf(notification.To)).ShouldBe(group.Count);
                        rule.Condition.Holds(group.Count).ShouldBeTrue();
                    }
                }
            },
            iter: 25);

    private static string? LoggerOf(string group) => GroupKeyText.Values(group) is [var logger] ? logger : null;
}
