using System.Security.Cryptography;
using System.Text;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// Decides from counts what becomes of a rule's groups, and gathers what is to be told. It changes the state that it is given and nothing
/// else: neither clock nor store.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="state">What is remembered of it; changed.</param>
/// <param name="isSilenced">Whether nothing new may be told; what was told before is still told to be over.</param>
internal sealed class RuleJudge(AlertRule rule, RuleState state, bool isSilenced)
{
    public const int MaxGroups = 500;
    public const int MaxKey = 512;
    public const int MaxSpans = 20;
    private const int MaxHistory = 100;

    // A group that never comes again is forgotten, though an absence rule may still hold for it.
    private const long Forgotten = 7 * 24 * 60;

    private readonly HashSet<string> _refused = [];

    // Since when groups held before the minutes of a partial count, which are judged again.
    private readonly Dictionary<string, (long? HoldsSince, long HeldAt)> _beforePart = [];

    /// <summary>What is to be told, in the order in which it happened.</summary>
    public List<AlertChange> Changes { get; } = [];

    /// <summary>
    /// Groups beyond <see cref="MaxGroups"/>, or whose values are longer than <see cref="MaxKey"/>: nothing is remembered of them and
    /// nobody is told.
    /// </summary>
    public int RefusedGroups => _refused.Count;

    /// <summary>Judges the windows that end on a minute.</summary>
    /// <param name="minute">The minute.</param>
    /// <param name="counts">Counts that cover the windows.</param>
    /// <param name="isComplete">Whether the counts are whole, or lower bounds.</param>
    public void Judge(long minute, MinuteCounts counts, bool isComplete)
    {
        var groups = InOrder(counts.Groups.Union(state.Groups.Keys), minute, rule.WindowMinutes, counts);
        foreach (var group in rule.By.Count == 0 ? [GroupKeyText.Whole] : groups)
        {
            var count = counts.Window(group, minute, rule.WindowMinutes);
            var seen = counts.LastBefore(group, minute);
            if (seen is null && rule.By.Count > 0 && !state.Groups.ContainsKey(group))
            {
                // It comes later than this minute: nobody awaits it yet.
                continue;
            }

            if (seen is { } last && Find(group, count) is { } found)
            {
                found.Seen = Math.Max(found.Seen, last);
            }

            var holds = rule.Condition.Holds(count);
            var isProven = holds && (isComplete || rule.Condition.IsProvenByPart);
            if (!isComplete)
            {
                KeepBeforePart(group, isProven);
            }

            if (isProven)
            {
                Hold(group, minute, count);
            }
            else if (!holds && isComplete)
            {
                Release(group, minute, count);
            }
        }
    }

    /// <summary>
    /// Ends the minutes of a partial count, which will be judged again: what they fired stays, what they began or broke off does not.
    /// </summary>
    public void EndPart()
    {
        foreach (var (group, before) in _beforePart)
        {
            if (state.Groups.TryGetValue(group, out var found) && found.Alert is null)
            {
                (found.HoldsSince, found.HeldAt) = before;
            }
        }

        _beforePart.Clear();
    }

    /// <summary>
    /// Judges windows again that were judged before late records came. Only a condition that records bring about can newly hold.
    /// </summary>
    /// <param name="firstEnd">The first minute at which windows end.</param>
    /// <param name="lastEnd">The last.</param>
    /// <param name="counts">Whole counts, which also cover <c>for</c> before the first.</param>
    public void JudgeAgain(long firstEnd, long lastEnd, MinuteCounts counts)
    {
        if (rule.Condition.HoldsForNothing)
        {
            return;
        }

        foreach (var group in InOrder(counts.Groups, lastEnd, (int)(lastEnd - firstEnd) + rule.WindowMinutes, counts))
        {
            long? first = null;
            for (var end = firstEnd - rule.ForMinutes; end <= lastEnd + 1; end++)
            {
                var holds = end <= lastEnd && rule.Condition.Holds(counts.Window(group, end, rule.WindowMinutes));
                if (holds)
                {
                    first ??= end;
                }
                else if (first is { } begin)
                {
                    HeldLate(group, begin, end - 1, counts);
                    first = null;
                }
            }
        }
    }

    /// <summary>Ends every alert because the rule itself has changed.</summary>
    /// <param name="minute">The last minute at which it was judged.</param>
    /// <param name="by">The fields by which it counted until then.</param>
    public void Abandon(long minute, IReadOnlyList<string> by)
    {
        foreach (var (group, found) in state.Groups)
        {
            Resolve(group, found, minute, 0, by);
        }

        state.Groups.Clear();
    }

    /// <summary>Forgets what is of no use after a minute.</summary>
    public void Forget(long minute)
    {
        foreach (var (group, found) in state.Groups.ToArray())
        {
            found.Spans.RemoveAll(span => span.Last < minute - Minutes.LateHorizon - rule.WindowMinutes);
            if (found.Spans.Count > MaxSpans)
            {
                found.Spans.RemoveRange(0, found.Spans.Count - MaxSpans);
            }

            var isAwaited = rule.Condition.HoldsForNothing && found.Seen >= minute - Forgotten;
            if (!isAwaited && (found.IsIdle || (rule.Condition.HoldsForNothing && rule.By.Count > 0)))
            {
                state.Groups.Remove(group);
            }
        }

        if (state.History.Count > MaxHistory)
        {
            state.History.RemoveRange(0, state.History.Count - MaxHistory);
        }
    }

    // The largest first, of which something is remembered where there are too many; else in an order that is the same for every store.
    private static string[] InOrder(IEnumerable<string> groups, long end, int length, MinuteCounts counts) =>
        [.. groups.OrderByDescending(group => counts.Window(group, end, length)).ThenBy(group => group, StringComparer.Ordinal)];

    private static long PeakEnd(string group, long first, long last, MinuteCounts counts, int window) =>
        Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i).MaxBy(end => counts.Window(group, end, window));

    private void Hold(string group, long minute, long count)
    {
        if (Find(group, count) is not { } found)
        {
            return;
        }

        // A minute may be judged a second time, after a partial answer.
        found.HoldsSince = Math.Min(found.HoldsSince ?? minute, minute);
        found.HeldAt = Math.Max(found.HeldAt, minute);
        if (found.Alert is null)
        {
            if (minute - found.HoldsSince.Value < rule.ForMinutes)
            {
                return;
            }

            found.Alert = new OpenAlert { Id = IdOf(group, minute), Since = found.HoldsSince.Value };
            found.Spans.Add(new AlertSpan { First = found.HoldsSince.Value, Last = minute });
            Remember(AlertKind.Fired, minute, group, count, found.Alert.Id, isSilenced);
        }

        if (found.Spans is [.., var span])
        {
            span.Last = Math.Max(span.Last, minute);
        }

        Tell(group, found.Alert, minute, count);
    }

    // A lower bound that proves nothing leaves open whether the condition held on: a run of minutes must not reach across it.
    private void KeepBeforePart(string group, bool isProven)
    {
        var found = state.Groups.GetValueOrDefault(group);
        _beforePart.TryAdd(group, (found?.HoldsSince, found?.HeldAt ?? 0));
        if (!isProven && found is { Alert: null })
        {
            found.HoldsSince = null;
        }
    }

    private void Tell(string group, OpenAlert alert, long minute, long count)
    {
        if (isSilenced || (alert.Told is { } told && minute - told < rule.RepeatMinutes))
        {
            return;
        }

        var kind = alert.Told is not null ? AlertKind.Repeated : alert.IsLate ? AlertKind.Late : AlertKind.Fired;
        alert.Told = minute;
        Changes.Add(new AlertChange(kind, minute, group, count, alert.Id, alert.Since));
    }

    private void Release(string group, long minute, long count)
    {
        if (!state.Groups.TryGetValue(group, out var found) || minute <= found.HeldAt)
        {
            return;
        }

        found.HoldsSince = null;
        Resolve(group, found, minute, count);
    }

    private void Resolve(string group, GroupState found, long minute, long count, IReadOnlyList<string>? by = null)
    {
        if (found.Alert is not { } alert)
        {
            return;
        }

        found.Alert = null;
        Remember(AlertKind.Resolved, minute, group, count, alert.Id, alert.Told is null);
        if (alert.Told is not null)
        {
            Changes.Add(new AlertChange(AlertKind.Resolved, minute, group, count, alert.Id, alert.Since, by));
        }
    }

    private void HeldLate(string group, long first, long last, MinuteCounts counts)
    {
        var end = PeakEnd(group, first, last, counts, rule.WindowMinutes);
        var count = counts.Window(group, end, rule.WindowMinutes);
        var isLongEnough = last - first >= rule.ForMinutes;
        var isNow = last == state.LastMinute;
        if ((!isLongEnough && !isNow) || Find(group, count) is not { } found)
        {
            return;
        }

        if (isNow)
        {
            found.HoldsSince = Math.Min(found.HoldsSince ?? first, first);
            found.HeldAt = Math.Max(found.HeldAt, last);
        }

        if (!isLongEnough)
        {
            return;
        }

        if (found.Spans.Find(span => span.Touches(first, last)) is { } known)
        {
            (known.First, known.Last) = (Math.Min(known.First, first), Math.Max(known.Last, last));
            return;
        }

        var alert = new OpenAlert { Id = IdOf(group, last), Since = first, IsLate = true };
        found.Spans.Add(new AlertSpan { First = first, Last = last });
        found.Spans.Sort((left, right) => left.First.CompareTo(right.First));
        Remember(AlertKind.Late, end, group, count, alert.Id, isSilenced);
        Tell(group, alert, end, count);
        if (isNow && found.Alert is null)
        {
            found.Alert = alert;
        }
    }

    // Of a group that neither holds nor is awaited nothing is remembered.
    private GroupState? Find(string group, long count)
    {
        if (state.Groups.TryGetValue(group, out var found))
        {
            return found;
        }

        if (!rule.Condition.Holds(count) && !rule.Condition.HoldsForNothing)
        {
            return null;
        }

        if (group.Length > MaxKey || (state.Groups.Count >= MaxGroups && !TryForgetOne()))
        {
            _refused.Add(group);
            return null;
        }

        return state.Groups[group] = new GroupState();
    }

    // Of what is over only late records would want to know; what fires now matters more.
    private bool TryForgetOne()
    {
        var over = state.Groups.Where(one => one.Value is { Alert: null, HoldsSince: null }).ToArray();
        return over.Length > 0 && !rule.Condition.HoldsForNothing
            && state.Groups.Remove(over.MinBy(one => one.Value.Spans is [.., var last] ? last.Last : 0).Key);
    }

    private void Remember(AlertKind kind, long minute, string group, long count, string id, bool untold) =>
        state.History.Add(new HistoryEntry(minute, kind, group, count, id, untold));

    // From what the alert is about, so that two evaluators that find the same give it the same id.
    private string IdOf(string group, long minute) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rule.Name}\n{group}\n{minute}")).AsSpan(0, 8));
}
