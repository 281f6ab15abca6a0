using System.Globalization;
using Bitacora.Alerting.Evaluation;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Outbox;

/// <summary>
/// Alerting's alert about itself: a rule that cannot be judged, a channel that does not take notifications. Told on all channels but the
/// one that it is about, once until it is over or the repeat interval has passed.
/// </summary>
internal sealed class BuiltInAlert(AlertSettings settings, IStateStore states, TimeProvider clock)
{
    private const int RepeatMinutes = 4 * 60;
    private const int MaxProblems = 100;
    private const int MaxText = 500;
    private const int MaxHistory = 100;

    private readonly StateValue<RuleState> _value = new(states, RuleEvaluator.KeyOf(AlertSettings.BuiltInRule));

    /// <summary>Remembers what is wrong at a minute, and raises what is new or over.</summary>
    public async Task<IReadOnlyList<AlertNotification>> ReportAsync(
        long minute, IReadOnlyList<AlertProblem> problems, CancellationToken cancellationToken)
    {
        List<AlertNotification> raised = [];
        var all = problems.GroupBy(problem => problem.Subject).ToDictionary(
            group => group.Key, group => string.Join("; ", group.Select(problem => problem.Text).Distinct()));
        await _value.ChangeAsync(
            state =>
            {
                raised.Clear();
                if (state.LastMinute > minute + Minutes.MakeUp)
                {
                    state.TurnBack(minute - 1);
                }

                // Those that are remembered go first: of further ones there may be too many.
                foreach (var (subject, text) in all.OrderByDescending(one => state.Groups.ContainsKey(GroupKeyText.Of([one.Key])))
                    .Take(MaxProblems))
                {
                    Hold(state, minute, subject, text, raised);
                }

                // A second look within the minute sees only a part of what was wrong.
                foreach (var (group, found) in minute > state.LastMinute ? state.Groups.ToArray() : [])
                {
                    Release(state, minute, group, found, all, raised);
                }

                var isNew = minute > state.LastMinute;
                state.LastMinute = Math.Max(state.LastMinute, minute);
                state.History.RemoveRange(0, Math.Max(0, state.History.Count - MaxHistory));
                return StateBudget.Fit(state) && (raised.Count > 0 || (isNew && state.Groups.Count > 0));
            },
            cancellationToken).ConfigureAwait(false);
        return raised;
    }

    private static AlertNotification Of(long minute, AlertKind kind, string subject, string text, OpenAlert alert) => new()
    {
        Id = NotificationComposer.IdOf(alert.Id, kind.ToString(), minute.ToString(CultureInfo.InvariantCulture)),
        Rule = AlertSettings.BuiltInRule,
        Kind = kind,
        Severity = AlertSeverity.Critical,
        From = alert.Since * Minutes.Ticks,
        To = minute * Minutes.Ticks,
        Groups = [new AlertedGroup(alert.Id, [subject], 0, alert.Since * Minutes.Ticks)],
        Problem = text.Length == 0 ? subject : $"{subject}: {(text.Length > MaxText ? text[..MaxText] : text)}",
    };

    private void Hold(RuleState state, long minute, string subject, string text, List<AlertNotification> raised)
    {
        var key = GroupKeyText.Of([subject]);
        if (!state.Groups.TryGetValue(key, out var found))
        {
            state.Groups[key] = found = new GroupState { HoldsSince = minute };
        }

        found.HeldAt = minute;
        found.Alert ??= new OpenAlert
        {
            Id = NotificationComposer.IdOf(AlertSettings.BuiltInRule, key, minute.ToString(CultureInfo.InvariantCulture)),
            Since = minute,
        };
        if (found.Alert.Told is { } told && minute - told < RepeatMinutes)
        {
            return;
        }

        var kind = found.Alert.Told is null ? AlertKind.Fired : AlertKind.Repeated;
        found.Alert.Told = minute;
        Raise(state, minute, key, subject, Of(minute, kind, subject, text, found.Alert), raised);
    }

    private void Release(
        RuleState state, long minute, string group, GroupState found, Dictionary<string, string> all, List<AlertNotification> raised)
    {
        var subject = GroupKeyText.Values(group)[0]!;
        if (all.ContainsKey(subject))
        {
            return;
        }

        state.Groups.Remove(group);
        if (found.Alert is { } alert)
        {
            Raise(state, minute, group, subject, Of(minute, AlertKind.Resolved, subject, "", alert), raised);
        }
    }

    private void Raise(
        RuleState state, long minute, string group, string subject, AlertNotification notification, List<AlertNotification> raised)
    {
        raised.Add(notification);
        state.History.Add(new HistoryEntry(minute, notification.Kind, group, 0, notification.Groups[0].AlertId, false));
        state.Wait(
            notification,
            settings.Channels.Select(channel => channel.Name).Where(name => subject != $"channel {name}"),
            RecordTime.Now(clock));
    }
}
