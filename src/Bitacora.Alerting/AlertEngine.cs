using Bitacora.Alerting.Evaluation;
using Bitacora.Storage;

namespace Bitacora.Alerting;

/// <summary>Judges all rules. One call at a time; several processes may do it on one state store: what one has judged counts once.</summary>
public sealed class AlertEngine
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly AlertSettings _settings;
    private readonly TimeProvider _clock;
    private readonly LateWatch _late;
    private readonly RuleEvaluator _evaluator;
    private readonly Silences _silences;

    /// <summary>Makes one.</summary>
    /// <param name="settings">The rules, without faults.</param>
    /// <param name="store">The records.</param>
    /// <param name="states">Where rules are remembered.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="ArgumentException">The settings have faults.</exception>
    public AlertEngine(AlertSettings settings, ILogStore store, IStateStore states, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(clock);
        if (settings.Faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", settings.Faults), nameof(settings));
        }

        (_settings, _clock) = (settings, clock);
        var reader = new CountReader(store, Deadline);
        _late = new LateWatch(reader, states);
        _evaluator = new RuleEvaluator(reader, new LineReader(store, Deadline), states, clock);
        _silences = new Silences(states, clock);
    }

    /// <summary>
    /// Judges every rule up to the last minute that is due; what was judged already is not judged again. A rule that fails is a problem of
    /// the report and keeps no other from being judged.
    /// </summary>
    public async Task<AlertReport> EvaluateAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var due = Minutes.Due(now);
        var raised = new List<AlertNotification>();
        var problems = new List<AlertProblem>();
        if (await LookAsync(due, problems, cancellationToken).ConfigureAwait(false) is not { } late)
        {
            return new AlertReport(due * Minutes.Ticks, raised, problems);
        }

        var silences = await TryAsync("silences", problems, () => _silences.ListAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false) ?? [];
        foreach (var rule in _settings.Rules)
        {
            var isSilenced = silences.Any(silence => silence.Covers(rule.Name, now));
            var outcome = await TryAsync(
                $"rule {rule.Name}",
                problems,
                () => _evaluator.EvaluateAsync(rule, due, late, isSilenced, [], cancellationToken),
                cancellationToken).ConfigureAwait(false);
            raised.AddRange(outcome?.Raised ?? []);
            if (outcome?.Problem is { } problem)
            {
                problems.Add(new AlertProblem($"rule {rule.Name}", problem));
            }
        }

        return new AlertReport(due * Minutes.Ticks, raised, problems);
    }

    // Whatever a store throws: the rule is not judged, the next time makes up for it, and somebody hears of it.
    private static async Task<T?> TryAsync<T>(
        string subject, List<AlertProblem> problems, Func<Task<T>> work, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            problems.Add(new AlertProblem(subject, error.Message));
            return null;
        }
    }

    // Null where the state store cannot even be read: then no rule can be judged.
    private async Task<LateState?> LookAsync(long due, List<AlertProblem> problems, CancellationToken cancellationToken)
    {
        const string Subject = "late records";
        var look = await TryAsync(
            Subject,
            problems,
            async () =>
            {
                var (state, completeness) = await _late.LookAsync(due, cancellationToken).ConfigureAwait(false);
                problems.AddRange(completeness.Reasons.Select(reason => new AlertProblem(Subject, reason.Text)));
                return state;
            },
            cancellationToken).ConfigureAwait(false);
        return look
            ?? await TryAsync(Subject, problems, () => _late.KnownAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
