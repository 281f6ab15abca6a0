using Bitacora.Alerting.Channels;
using Bitacora.Alerting.Evaluation;
using Bitacora.Alerting.Messages;
using Bitacora.Alerting.Outbox;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting;

/// <summary>
/// Judges all rules and delivers what they raise. One call at a time; several processes may do it on one state store: what one has judged
/// counts once, and who holds the lease (<see cref="TryLeadAsync"/>) sends.
/// </summary>
/// <remarks>
/// Delivery is at least once: a notification comes twice only where its sender died or stalled past its lease between sending and
/// remembering, or where the receiver's answer was lost.
/// </remarks>
public sealed class AlertEngine : IDisposable
{
    private const string Lease = "alerts";
    private const string BuiltInSubject = "built-in alert";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // Longer than any one sending takes; it is renewed before each.
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);

    private readonly AlertSettings _settings;
    private readonly IStateStore _states;
    private readonly TimeProvider _clock;
    private readonly LateWatch _late;
    private readonly RemovedRules _removed;
    private readonly CountReader _counts;
    private readonly LineReader _lines;
    private readonly Silences _silences;
    private readonly ChannelList _channels;
    private readonly OutboxSender _sender;
    private readonly BuiltInAlert _builtIn;

    /// <summary>Makes one.</summary>
    /// <param name="settings">The rules, without faults.</param>
    /// <param name="ask">The records.</param>
    /// <param name="states">Where rules are remembered.</param>
    /// <param name="output">What the channel <c>stdout</c> writes to.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Spreads retries.</param>
    /// <exception cref="ArgumentException">The settings have faults.</exception>
    public AlertEngine(
        AlertSettings settings, AskStore ask, IStateStore states, TextWriter output, TimeProvider clock, Random random)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(random);
        if (settings.Faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", settings.Faults), nameof(settings));
        }

        (_settings, _states, _clock) = (settings, states, clock);
        _counts = new CountReader(ask, Deadline);
        _lines = new LineReader(ask, Deadline);
        _late = new LateWatch(_counts, states);
        _removed = new RemovedRules(settings, states, clock);
        _silences = new Silences(states, clock);
        _channels = new ChannelList(settings, output, clock);
        _sender = new OutboxSender(states, _channels, clock, random);
        _builtIn = new BuiltInAlert(settings, states, clock);
    }

    /// <summary>
    /// Who holds the lease: unique unless said. One that is the same after a restart need not wait for the end of its own lease; nobody
    /// else may have it then.
    /// </summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():n}";

    /// <summary>Takes or renews the lease: true where this engine is the one that judges and sends now.</summary>
    public ValueTask<bool> TryLeadAsync(CancellationToken cancellationToken) =>
        _states.TryLeaseAsync(Lease, Owner, LeaseTime, cancellationToken);

    /// <summary>Gives the lease back, so that another need not wait for its end.</summary>
    public ValueTask ResignAsync(CancellationToken cancellationToken) => _states.ReleaseAsync(Lease, Owner, cancellationToken);

    /// <summary>
    /// Judges every rule up to the last minute that is due; what was judged already is not judged again. A rule that fails is a problem of
    /// the report, raises the built-in alert, and keeps no other from being judged. Alerts of rules that are no longer configured resolve.
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
        string[] all = [.. _settings.Channels.Select(channel => channel.Name)];
        var evaluator = new RuleEvaluator(new SharedCounts(_counts, _settings.Rules), _lines, _states, _clock);
        foreach (var rule in _settings.Rules)
        {
            var isSilenced = silences.Any(silence => silence.Covers(rule.Name, now));
            var channels = rule.Channels.Count == 0 ? all : rule.Channels;
            raised.AddRange(await TryRuleAsync(
                rule.Name,
                problems,
                () => evaluator.EvaluateAsync(rule, due, late, isSilenced, channels, cancellationToken),
                cancellationToken).ConfigureAwait(false));
        }

        var removed = await TryAsync("removed rules", problems, () => _removed.ListAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false) ?? [];
        foreach (var entry in removed)
        {
            raised.AddRange(await TryRuleAsync(
                RuleEvaluator.NameOf(entry.Key), problems, () => _removed.EndAsync(entry, due, cancellationToken), cancellationToken)
                .ConfigureAwait(false));
        }

        raised.AddRange(await RaiseProblemsAsync(due, problems, cancellationToken).ConfigureAwait(false));
        return new AlertReport(due * Minutes.Ticks, raised, problems);
    }

    /// <summary>
    /// Sends what waits and is due, of all rules, also of those that are no longer configured. Call it while <see cref="TryLeadAsync"/> is
    /// true; the lease is renewed before each sending.
    /// </summary>
    public Task<DeliveryReport> DeliverAsync(CancellationToken cancellationToken) =>
        _sender.DeliverAsync(token => TryLeadAsync(token).AsTask(), cancellationToken);

    /// <summary>When the next notification that waits may be sent; null where none waits.</summary>
    public async Task<DateTimeOffset?> NextDeliveryAsync(CancellationToken cancellationToken)
    {
        var waiting = await _sender.WaitingAsync(cancellationToken).ConfigureAwait(false);
        return waiting.Count == 0 ? null : RecordTime.ToDateTimeOffset(waiting.Min(one => one.Pending.NotBefore));
    }

    /// <summary>When the next windows after a time are due.</summary>
    public static DateTimeOffset NextEvaluation(DateTimeOffset now) => Minutes.DueTime(Minutes.Due(now) + 1);

    /// <summary>Sends a test message, marked as one, of a rule to a channel.</summary>
    /// <exception cref="AlertDeliveryException">The channel has not taken it.</exception>
    /// <exception cref="ArgumentException">There is no such rule or channel.</exception>
    public async Task<AlertNotification> TestAsync(string rule, string channel, CancellationToken cancellationToken)
    {
        var known = _settings.Rules.FirstOrDefault(one => one.Name == rule)
            ?? throw new ArgumentException($"there is no rule '{rule}'", nameof(rule));
        var receiver = _channels.Find(channel) ?? throw new ArgumentException($"there is no channel '{channel}'", nameof(channel));
        var test = NotificationComposer.Test(known, Minutes.Due(_clock.GetUtcNow()));
        await receiver.SendAsync(test, null, cancellationToken).ConfigureAwait(false);
        return test;
    }

    /// <summary>
    /// Goes as far towards a channel's receiver as it can without telling anybody: connects, logs in, opens the file. Says how far that is.
    /// </summary>
    /// <exception cref="AlertDeliveryException">The receiver cannot be reached.</exception>
    /// <exception cref="ArgumentException">There is no such channel.</exception>
    public Task<string> ReachAsync(string channel, CancellationToken cancellationToken) =>
        (_channels.Find(channel) ?? throw new ArgumentException($"there is no channel '{channel}'", nameof(channel)))
            .ReachAsync(cancellationToken);

    /// <summary>A notification as text for people, in the language and zone of the settings.</summary>
    public string Describe(AlertNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return TextMessage.Of(new AlertMessage(notification, _settings));
    }

    /// <summary>How alerting is.</summary>
    public async Task<AlertHealth> HealthAsync(CancellationToken cancellationToken)
    {
        var rules = new List<RuleState>();
        var unreadable = new List<AlertProblem>();
        foreach (var rule in _settings.Rules)
        {
            if (await FindStateAsync(rule.Name, $"rule {rule.Name}", unreadable, cancellationToken).ConfigureAwait(false) is { } state)
            {
                rules.Add(state);
            }
        }

        var builtIn = await FindStateAsync(AlertSettings.BuiltInRule, BuiltInSubject, unreadable, cancellationToken)
            .ConfigureAwait(false) ?? new RuleState();
        var waiting = await _sender.WaitingAsync(cancellationToken).ConfigureAwait(false);
        return new AlertHealth(
            _settings.Rules.Count,
            _settings.Channels.Count,
            rules.Count == 0 || rules.Any(rule => rule.LastMinute == 0) ? null : rules.Min(rule => rule.LastMinute) * Minutes.Ticks,
            rules.Sum(rule => rule.Groups.Values.Count(group => group.Alert is not null)),
            waiting.Count,
            rules.Append(builtIn).Sum(rule => rule.GivenUp),
            rules.Sum(rule => rule.Skipped),
            [
                .. unreadable.Concat(Troubles(waiting))
                    .Concat(builtIn.Groups.Keys.Select(key => new AlertProblem(GroupKeyText.Values(key)[0]!, "an alert says what")))
                    .DistinctBy(problem => problem.Subject),
            ]);
    }

    /// <inheritdoc/>
    public void Dispose() => _channels.Dispose();

    private static IEnumerable<AlertProblem> Troubles(IReadOnlyList<WaitingDelivery> waiting) =>
        from one in waiting
        where one.Pending.Attempts >= OutboxSender.Troubling
        group one by one.Pending.Channel into channel
        select new AlertProblem($"channel {channel.Key}", channel.First().Pending.Error ?? "");

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

    private static async Task<IReadOnlyList<AlertNotification>> TryRuleAsync(
        string rule, List<AlertProblem> problems, Func<Task<RuleOutcome>> work, CancellationToken cancellationToken)
    {
        var outcome = await TryAsync($"rule {rule}", problems, work, cancellationToken).ConfigureAwait(false);
        if (outcome?.Problem is { } problem)
        {
            problems.Add(new AlertProblem($"rule {rule}", problem));
        }

        return outcome?.Raised ?? [];
    }

    // Null where it cannot be read, which is a problem of this rule alone.
    private async Task<RuleState?> FindStateAsync(
        string rule, string subject, List<AlertProblem> problems, CancellationToken cancellationToken)
    {
        var value = new StateValue<RuleState>(_states, RuleEvaluator.KeyOf(rule));
        var (state, problem) = await value.TryLoadAsync(cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            problems.Add(new AlertProblem(subject, problem));
        }

        return state;
    }

    private async Task<IReadOnlyList<AlertNotification>> RaiseProblemsAsync(
        long due, List<AlertProblem> problems, CancellationToken cancellationToken)
    {
        var raised = await TryAsync(
            BuiltInSubject,
            problems,
            async () =>
            {
                var waiting = await _sender.WaitingAsync(cancellationToken).ConfigureAwait(false);
                return await _builtIn.ReportAsync(due, [.. problems, .. Troubles(waiting)], cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return raised ?? [];
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
