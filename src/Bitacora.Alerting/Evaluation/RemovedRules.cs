using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// Ends what is remembered of rules that are no longer configured: whoever was told that one fires is told that it is over, and when all is
/// delivered it is forgotten.
/// </summary>
internal sealed class RemovedRules(AlertSettings settings, IStateStore states, TimeProvider clock)
{
    /// <summary>What is remembered of such rules.</summary>
    public async Task<IReadOnlyList<StateEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var known = settings.Rules.Select(rule => rule.Name).Append(AlertSettings.BuiltInRule).Select(RuleEvaluator.KeyOf).ToHashSet();
        var entries = await states.ListAsync(RuleEvaluator.Prefix, cancellationToken).ConfigureAwait(false);
        return [.. entries.Where(entry => !known.Contains(entry.Key))];
    }

    /// <summary>Ends one of them.</summary>
    public async Task<RuleOutcome> EndAsync(StateEntry entry, long minute, CancellationToken cancellationToken)
    {
        RuleState state;
        try
        {
            state = StateValue<RuleState>.Read(entry);
        }
        catch (InvalidDataException error)
        {
            await states.TryDeleteAsync(entry.Key, entry.Version, cancellationToken).ConfigureAwait(false);
            return new RuleOutcome([], $"{error.Message}; the rule is no longer configured, so it is dropped");
        }

        var told = state.Groups.Where(group => group.Value.Alert?.Told is not null).ToArray();
        if (told.Length > 0)
        {
            return await TellAsync(entry, state, told, minute, cancellationToken).ConfigureAwait(false);
        }

        if (state.Outbox.Count == 0)
        {
            await states.TryDeleteAsync(entry.Key, entry.Version, cancellationToken).ConfigureAwait(false);
        }

        return new RuleOutcome([], null);
    }

    private async Task<RuleOutcome> TellAsync(
        StateEntry entry, RuleState state, KeyValuePair<string, GroupState>[] told, long minute, CancellationToken cancellationToken)
    {
        var all = settings.Channels.Select(channel => channel.Name);
        var ending = state.Ending ?? Unknown(entry, state, [.. all]);
        var resolved = NotificationComposer.Removed(ending.Notification, minute, told);
        var full = state.Wait(resolved, all.Intersect(ending.Channels), RecordTime.Now(clock));
        state.Groups.Clear();
        if (!await new StateValue<RuleState>(states, entry.Key).TrySaveAsync(state, entry.Version, cancellationToken).ConfigureAwait(false))
        {
            return new RuleOutcome([], null);
        }

        return new RuleOutcome([resolved], full.Count == 0 ? null : RuleEvaluator.TooManyWait(full));
    }

    // Of a rule that was last judged by a version that did not remember it.
    private static RuleEnding Unknown(StateEntry entry, RuleState state, IReadOnlyList<string> channels) => new(
        new AlertNotification
        {
            Id = "",
            Rule = RuleEvaluator.NameOf(entry.Key),
            Kind = AlertKind.Resolved,
            By = AlertRule.ByOf(state.Definition),
        },
        channels);
}
