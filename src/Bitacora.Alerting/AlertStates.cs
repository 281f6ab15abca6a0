using Bitacora.Alerting.Evaluation;
using Bitacora.Storage;

namespace Bitacora.Alerting;

/// <summary>What is remembered of rules, for those who ask; it changes nothing. Thread-safe.</summary>
/// <param name="settings">The rules.</param>
/// <param name="states">Where they are remembered.</param>
/// <param name="clock">Says which silences hold.</param>
public sealed class AlertStates(AlertSettings settings, IStateStore states, TimeProvider clock)
{
    /// <summary>Every rule and how it is.</summary>
    public async Task<IReadOnlyList<RuleStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var silences = await new Silences(states, clock).ListAsync(cancellationToken).ConfigureAwait(false);
        var list = new List<RuleStatus>();
        foreach (var rule in settings.Rules)
        {
            var (state, problem) = await LoadAsync(rule.Name, cancellationToken).ConfigureAwait(false);
            list.Add(new RuleStatus(
                rule,
                state.LastMinute == 0 ? null : state.LastMinute * Minutes.Ticks,
                [
                    .. from one in state.Groups
                       where one.Value.Alert is not null
                       let alert = one.Value.Alert!
                       select new AlertedGroup(alert.Id, GroupKeyText.Values(one.Key), 0, alert.Since * Minutes.Ticks),
                ],
                state.Outbox.Sum(entry => entry.Pending.Count),
                silences.FirstOrDefault(silence => silence.Covers(rule.Name, clock.GetUtcNow())),
                problem));
        }

        return list;
    }

    /// <summary>What happened to the rules, and to the built-in one, newest first; each remembers its last hundred.</summary>
    public async Task<IReadOnlyList<AlertEvent>> HistoryAsync(CancellationToken cancellationToken)
    {
        var events = new List<AlertEvent>();
        foreach (var name in settings.Rules.Select(rule => rule.Name).Append(AlertSettings.BuiltInRule))
        {
            var (state, _) = await LoadAsync(name, cancellationToken).ConfigureAwait(false);
            events.AddRange(state.History.Select(entry => new AlertEvent(
                entry.Minute * Minutes.Ticks, name, entry.Kind, GroupKeyText.Values(entry.Group), entry.Count, entry.AlertId,
                entry.IsSilenced)));
        }

        return [.. events.OrderByDescending(one => one.Time)];
    }

    // One that cannot be read must not hide the others.
    private async Task<(RuleState State, string? Problem)> LoadAsync(string rule, CancellationToken cancellationToken)
    {
        var value = new StateValue<RuleState>(states, RuleEvaluator.KeyOf(rule));
        var (state, problem) = await value.TryLoadAsync(cancellationToken).ConfigureAwait(false);
        return (state ?? new RuleState(), problem);
    }
}
