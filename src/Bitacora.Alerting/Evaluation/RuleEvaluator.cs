using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// Judges one rule: reads counts, decides, and stores what was raised with what is remembered by one compare-and-set. Where another
/// evaluator was quicker, nothing of it counts.
/// </summary>
/// <param name="counts">Counts.</param>
/// <param name="lines">The records that notifications show.</param>
/// <param name="states">Where rules are remembered.</param>
/// <param name="clock">Says when a notification was raised.</param>
internal sealed class RuleEvaluator(SharedCounts counts, LineReader lines, IStateStore states, TimeProvider clock)
{
    public const string Prefix = "alerts/rules/";

    public static string KeyOf(string rule) => Prefix + rule;

    public static string NameOf(string key) => key[Prefix.Length..];

    public static string TooManyWait(IEnumerable<string> channels) =>
        $"{RuleState.MaxWaiting} notifications wait for {string.Join(", ", channels)} already; further ones are given up";

    /// <summary>Judges a rule up to a minute.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="due">The last minute at whose end windows may be judged.</param>
    /// <param name="late">The minutes to be judged again.</param>
    /// <param name="isSilenced">Whether nothing new is told.</param>
    /// <param name="channels">Who is told, by name.</param>
    /// <param name="cancellationToken">Gives up; nothing was judged then.</param>
    public async Task<RuleOutcome> EvaluateAsync(
        AlertRule rule, long due, LateState late, bool isSilenced, IReadOnlyList<string> channels, CancellationToken cancellationToken)
    {
        var value = new StateValue<RuleState>(states, KeyOf(rule.Name));
        var (state, version) = await value.LoadAsync(cancellationToken).ConfigureAwait(false);
        var judge = new RuleJudge(rule, state, isSilenced);
        var problems = new List<string>();
        if (state.Definition != rule.Definition)
        {
            judge.Abandon(state.LastMinute, AlertRule.ByOf(state.Definition));
            state.Definition = rule.Definition;
        }

        // A rule that is new, or whose clock was set back, begins now.
        if (state.LastMinute == 0 || state.LastMinute > due + Minutes.MakeUp)
        {
            state.TurnBack(due - 1);
            (state.LastMinute, state.LateThrough) = (due - 1, late.LastNumber);
        }

        await JudgeLateAsync(rule, due, state, late, judge, problems, cancellationToken).ConfigureAwait(false);
        await JudgeDueAsync(rule, due, state, judge, problems, cancellationToken).ConfigureAwait(false);
        if (judge.RefusedGroups > 0)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{judge.RefusedGroups} groups were not judged: there are more than {RuleJudge.MaxGroups}, or their values are too long"));
        }

        judge.Forget(due);
        var isTold = state.Groups.Values.Any(group => group.Alert?.Told is not null);
        state.Ending = isTold ? new RuleEnding(NotificationComposer.Ending(rule), channels) : null;
        var raised = new List<AlertNotification>();
        foreach (var notification in NotificationComposer.Compose(rule, judge.Changes))
        {
            raised.Add(await lines.AddLinesAsync(notification, cancellationToken).ConfigureAwait(false));
        }

        Remember(state, raised, channels, problems);
        if (!StateBudget.Fit(state))
        {
            problems.Add("the rule's state is larger than can be stored; group by fewer values");
            return new RuleOutcome([], string.Join("; ", problems));
        }

        return await value.TrySaveAsync(state, version, cancellationToken).ConfigureAwait(false)
            ? new RuleOutcome(raised, problems.Count == 0 ? null : string.Join("; ", problems))
            : new RuleOutcome([], null);
    }

    private static string Describe(Completeness completeness) => string.Join(", ", completeness.Reasons.Select(reason => reason.Text));

    private async Task JudgeDueAsync(
        AlertRule rule, long due, RuleState state, RuleJudge judge, List<string> problems, CancellationToken cancellationToken)
    {
        var first = Math.Max(state.LastMinute + 1, due - Minutes.MakeUp + 1);
        if (first > state.LastMinute + 1)
        {
            var skipped = first - state.LastMinute - 1;
            state.Skipped += skipped;
            state.LastMinute = first - 1;
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"{skipped} minutes before the last {Minutes.MakeUp} were not judged: nobody could"));
        }

        if (first > due)
        {
            return;
        }

        var answer = await counts.WindowsAsync(rule, first, due, cancellationToken).ConfigureAwait(false);
        for (var minute = first; minute <= due; minute++)
        {
            judge.Judge(minute, answer.Counts, answer.Completeness.IsComplete);
        }

        if (answer.Completeness.IsComplete)
        {
            state.LastMinute = due;
        }
        else
        {
            judge.EndPart();
            problems.Add($"the count is partial: {Describe(answer.Completeness)}");
        }
    }

    private async Task JudgeLateAsync(
        AlertRule rule, long due, RuleState state, LateState late, RuleJudge judge, List<string> problems,
        CancellationToken cancellationToken)
    {
        foreach (var (firstEnd, lastEnd) in LateEnds(rule, due, state, late))
        {
            var answer = await counts.WindowsAsync(rule, firstEnd - rule.ForMinutes, lastEnd, cancellationToken).ConfigureAwait(false);
            if (!answer.Completeness.IsComplete)
            {
                problems.Add($"the count of late records is partial: {Describe(answer.Completeness)}");
                return;
            }

            judge.JudgeAgain(firstEnd, lastEnd, answer.Counts);
        }

        state.LateThrough = Math.Max(state.LateThrough, late.LastNumber);
    }

    // The ends of windows that hold a marked minute and were judged already; those near each other are read together.
    private static List<(long FirstEnd, long LastEnd)> LateEnds(AlertRule rule, long due, RuleState state, LateState late)
    {
        var reach = rule.WindowMinutes + rule.ForMinutes;
        var ends = new List<(long FirstEnd, long LastEnd)>();
        var minutes = from mark in late.Marks
                      where mark.Number > state.LateThrough && mark.Minute >= due - Minutes.LateHorizon && mark.Minute < state.LastMinute
                      select mark.Minute;
        foreach (var minute in minutes.Distinct().Order())
        {
            var last = Math.Min(minute + reach, state.LastMinute);
            if (ends is [.., var before] && minute + 1 <= before.LastEnd + reach)
            {
                ends[^1] = (before.FirstEnd, Math.Max(before.LastEnd, last));
            }
            else
            {
                ends.Add((minute + 1, last));
            }
        }

        return ends;
    }

    private void Remember(RuleState state, List<AlertNotification> raised, IReadOnlyList<string> channels, List<string> problems)
    {
        var full = raised.SelectMany(notification => state.Wait(notification, channels, RecordTime.Now(clock))).Distinct().ToArray();
        if (full.Length > 0)
        {
            problems.Add(TooManyWait(full));
        }
    }
}
