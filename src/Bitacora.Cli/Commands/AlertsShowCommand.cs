using System.CommandLine;
using System.Text.Json;
using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Records;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts show RULE</c>: all about one rule.</summary>
internal sealed class AlertsShowCommand : CliCommand
{
    private const int MaxEvents = 10;

    private static readonly string[] _columns =
    [
        "rule", "query", "condition", "window_minutes", "for_minutes", "by", "severity", "repeat_minutes", "channels", "state", "firing",
        "firing_since", "alert_ids", "judged_until", "waiting", "silenced_until", "silenced_by", "silenced_why", "labels", "runbook",
    ];

    private readonly FormatOption _format = new();
    private readonly Argument<string> _rule = new("RULE") { Description = "The rule." };
    private readonly AlertStateOptions _alerts = new();

    public AlertsShowCommand(Screen screen)
        : base(
            "show", "Show all about a rule: what it counts, for what it fires, whom it tells, what happened last.", screen,
            new Example("alerts show errors", "one of the default rules"),
            new Example("alerts show errors --format json | jq .firing_since", "since when it fires"))
    {
        Add(_rule);
        _format.AddTo(this);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var here = _alerts.ReadServer(parsed, Screen);
        var settings = here.Alerts ?? AlertSettings.Default;
        var name = parsed.GetValue(_rule)!;
        AlertOptions.RequireRule(settings, name);
        await using var state = await _alerts.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken, here);
        var states = new AlertStates(settings, state.Store, Screen.Clock);
        var status = (await states.ListAsync(cancellationToken)).First(one => one.Rule.Name == name);
        if (RowOutput.TryWrite(Screen, _format.Read(parsed), _columns, [Json(status, settings)]))
        {
            return ExitCode.Done;
        }

        foreach (var (field, text) in FactsOf(status, settings))
        {
            Screen.Out.WriteLine($"{field,-13} {SafeText.Escape(text)}");
        }

        AlertEvent[] events = [.. (await states.HistoryAsync(cancellationToken)).Where(one => one.Rule == name).Take(MaxEvents)];
        if (events.Length > 0)
        {
            Screen.Out.WriteLine();
            new AlertTable(Screen, OutputFormat.Pretty).Write(events);
        }

        return ExitCode.Done;
    }

    private static byte[] Json(RuleStatus status, AlertSettings settings)
    {
        var (rule, silence) = (status.Rule, status.Silence);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            rule = rule.Name,
            query = rule.Query,
            condition = rule.Condition.ToString(),
            window_minutes = (int)rule.Window.TotalMinutes,
            for_minutes = (int)rule.For.TotalMinutes,
            by = string.Join(',', rule.By),
            severity = AlertNames.Of(rule.Severity),
            repeat_minutes = (int)rule.Repeat.TotalMinutes,
            channels = string.Join(',', ChannelsOf(rule, settings)),
            state = AlertNames.StateOf(status),
            firing = status.Firing.Count,
            firing_since = status.Firing.Count > 0 ? RecordTime.Format(status.Firing.Min(group => group.Since)) : null,
            alert_ids = string.Join(',', status.Firing.Select(group => group.AlertId)),
            judged_until = status.JudgedUntil is { } time ? RecordTime.Format(time) : null,
            waiting = status.Waiting,
            silenced_until = silence is null ? null : RecordTime.Format(RecordTime.From(silence.Until)),
            silenced_by = silence?.By,
            silenced_why = silence?.Why,
            labels = string.Join(',', rule.Labels.Select(label => $"{label.Key}={label.Value}")),
            runbook = rule.Runbook,
        });
    }

    private static IReadOnlyList<string> ChannelsOf(AlertRule rule, AlertSettings settings) =>
        rule.Channels.Count > 0 ? rule.Channels : [.. settings.Channels.Select(channel => channel.Name)];

    private IEnumerable<(string Field, string Text)> FactsOf(RuleStatus status, AlertSettings settings)
    {
        var rule = status.Rule;
        string Time(long time) => LocalTime.Short(RecordTime.ToDateTimeOffset(time), Screen.Zone);
        var channels = ChannelsOf(rule, settings);
        yield return ("rule", rule.Name);
        yield return ("query", rule.Query);
        yield return ("condition", $"{rule.Condition} in {rule.Window.TotalMinutes} min, held for {rule.For.TotalMinutes} min");
        yield return ("by", rule.By.Count == 0 ? "all together" : string.Join(", ", rule.By));
        yield return ("severity", AlertNames.Of(rule.Severity));
        yield return ("told", $"{(channels.Count == 0 ? "nobody: there is no channel" : string.Join(", ", channels))}; "
            + $"again after {rule.Repeat.TotalMinutes} min");
        yield return ("judged until", status.JudgedUntil is { } time ? Time(time) : "never yet");
        yield return ("waiting", $"{status.Waiting} notifications");
        if (status.Problem is { } problem)
        {
            yield return ("problem", problem);
        }

        if (status.Silence is { } silence)
        {
            yield return ("silenced", $"until {Time(RecordTime.From(silence.Until))} by {silence.By}: {silence.Why}");
        }

        foreach (var group in status.Firing)
        {
            var values = group.Values.Count == 0 ? "" : $" for {string.Join(", ", group.Values.Select(value => value ?? "(none)"))}";
            yield return ("fires", $"since {Time(group.Since)}{values}, alert {group.AlertId}");
        }

        foreach (var (label, text) in rule.Labels)
        {
            yield return ("label", $"{label}={text}");
        }

        if (rule.Runbook is { } runbook)
        {
            yield return ("runbook", runbook);
        }
    }
}
