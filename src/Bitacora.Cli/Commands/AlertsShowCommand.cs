using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Records;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts show RULE</c>: all about one rule.</summary>
internal sealed class AlertsShowCommand : CliCommand
{
    private const int MaxEvents = 10;

    private readonly Argument<string> _rule = new("RULE") { Description = "The rule." };
    private readonly AlertStateOptions _alerts = new();

    public AlertsShowCommand(Screen screen)
        : base(
            "show", "Show all about a rule: what it counts, for what it fires, whom it tells, what happened last.", screen,
            new Example("alerts show errors", "one of the default rules"))
    {
        Add(_rule);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = _alerts.Read(parsed, Screen);
        var name = parsed.GetValue(_rule)!;
        AlertOptions.RequireRule(settings, name);
        await using var state = await _alerts.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken);
        var states = new AlertStates(settings, state.Store, Screen.Clock);
        var status = (await states.ListAsync(cancellationToken)).First(one => one.Rule.Name == name);
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

    private IEnumerable<(string Field, string Text)> FactsOf(RuleStatus status, AlertSettings settings)
    {
        var rule = status.Rule;
        string Time(long time) => LocalTime.Short(RecordTime.ToDateTimeOffset(time), Screen.Zone);
        var channels = rule.Channels.Count > 0 ? rule.Channels : [.. settings.Channels.Select(channel => channel.Name)];
        yield return ("rule", rule.Name);
        yield return ("query", rule.Query);
        yield return ("condition", $"{rule.Condition} in {rule.Window.TotalMinutes} min, held for {rule.For.TotalMinutes} min");
        yield return ("by", rule.By.Count == 0 ? "all together" : string.Join(", ", rule.By));
        yield return ("severity", AlertNames.Of(rule.Severity));
        yield return ("told", $"{(channels.Count == 0 ? "nobody: there is no channel" : string.Join(", ", channels))}; "
            + $"again after {rule.Repeat.TotalMinutes} min");
        yield return ("judged until", status.JudgedUntil is { } time ? Time(time) : "never yet");
        yield return ("waiting", $"{status.Waiting} notifications");
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
