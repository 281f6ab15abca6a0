namespace Bitacora.Alerting.Evaluation;

/// <summary>Keeps a rule's value within what a state store takes: what is left out first is what can be missed best.</summary>
internal static class StateBudget
{
    /// <summary>Of the 1 MiB that a value may have.</summary>
    public const int Bytes = 900 << 10;

    private const int FewGroups = 5;

    /// <summary>
    /// Shortens a state that is too large: lines of the oldest notifications, groups, spans, history; at last the oldest notifications
    /// are given up.
    /// </summary>
    /// <returns>Whether it fits now.</returns>
    public static bool Fit(RuleState state)
    {
        foreach (var shorten in Shortenings(state))
        {
            if (Size(state) <= Bytes)
            {
                return true;
            }

            shorten();
        }

        return Size(state) <= Bytes;
    }

    private static int Size(RuleState state) => StateValue<RuleState>.Write(state).Length;

    private static IEnumerable<Action> Shortenings(RuleState state)
    {
        yield return () => DropLines(state.Outbox.Take(state.Outbox.Count / 2));
        yield return () => DropLines(state.Outbox);
        yield return () => Shorten(state.Outbox);
        yield return () =>
        {
            state.History.Clear();
        };
        yield return () =>
        {
            foreach (var group in state.Groups.Values.Where(group => group.Spans.Count > 1))
            {
                group.Spans.RemoveRange(0, group.Spans.Count - 1);
            }
        };

        // Else the rule would not be judged any more, for the sake of what some channel has not taken for long.
        while (state.Outbox.Count > 0)
        {
            yield return () => GiveUp(state, Math.Max(1, state.Outbox.Count / 8));
        }
    }

    private static void GiveUp(RuleState state, int count)
    {
        state.GivenUp += state.Outbox.Take(count).Sum(entry => entry.Pending.Count);
        state.Outbox.RemoveRange(0, count);
    }

    private static void DropLines(IEnumerable<OutboxEntry> entries)
    {
        foreach (var entry in entries.Where(entry => entry.Notification.Lines.Count > 0))
        {
            entry.Notification = entry.Notification with { Lines = [], LinesProblem = "too many notifications wait; the link finds them" };
        }
    }

    private static void Shorten(IEnumerable<OutboxEntry> entries)
    {
        foreach (var entry in entries)
        {
            var all = entry.Notification;
            entry.Notification = all with
            {
                Groups = [.. all.Groups.Take(FewGroups)],
                MoreGroups = all.MoreGroups + Math.Max(0, all.Groups.Count - FewGroups),
            };
        }
    }
}
