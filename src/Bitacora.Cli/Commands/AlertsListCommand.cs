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

/// <summary><c>bitacora alerts list</c>: the rules and how they are.</summary>
internal sealed class AlertsListCommand : CliCommand
{
    private static readonly string[] _columns =
        ["rule", "query", "condition", "window_minutes", "by", "severity", "state", "firing", "judged_until", "waiting", "silenced_until"];

    private readonly FormatOption _format = new();
    private readonly AlertStateOptions _alerts = new();

    public AlertsListCommand(Screen screen)
        : base(
            "list", "Show the rules, and which of them fire.", screen,
            new Example("alerts list", "of the local data directory"),
            new Example("alerts list --format json | jq -r 'select(.firing > 0).rule'", "which fire"))
    {
        _format.AddTo(this);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var here = _alerts.ReadServer(parsed, Screen);
        var settings = here.Alerts ?? AlertSettings.Default;
        await using var state = await _alerts.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken, here);
        var rules = await new AlertStates(settings, state.Store, Screen.Clock).ListAsync(cancellationToken);
        if (!RowOutput.TryWrite(Screen, _format.Read(parsed), _columns, rules.Select(Json)))
        {
            Show(rules);
        }

        return ExitCode.Done;
    }

    private static byte[] Json(RuleStatus status) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        rule = status.Rule.Name,
        query = status.Rule.Query,
        condition = status.Rule.Condition.ToString(),
        window_minutes = (int)status.Rule.Window.TotalMinutes,
        by = string.Join(',', status.Rule.By),
        severity = AlertNames.Of(status.Rule.Severity),
        state = AlertNames.StateOf(status),
        firing = status.Firing.Count,
        judged_until = status.JudgedUntil is { } time ? RecordTime.Format(time) : null,
        waiting = status.Waiting,
        silenced_until = status.Silence is { } silence ? RecordTime.Format(RecordTime.From(silence.Until)) : null,
    });

    private void Show(IReadOnlyList<RuleStatus> rules)
    {
        var table = new TextTable(
            ["RULE", "QUERY", "CONDITION", "WINDOW", "BY", "SEVERITY", "STATE", "JUDGED UNTIL", "SILENCED UNTIL"],
            [false, false, false, true, false, false, false, false, false]);
        foreach (var status in rules)
        {
            var groups = status.Firing.Count > 0 && status.Rule.By.Count > 0 ? $" ({status.Firing.Count})" : "";
            table.Add(
                status.Rule.Name, SafeText.Escape(status.Rule.Query), status.Rule.Condition.ToString(),
                $"{status.Rule.Window.TotalMinutes}m",
                SafeText.Escape(string.Join(", ", status.Rule.By)), AlertNames.Of(status.Rule.Severity),
                AlertNames.StateOf(status) + groups,
                status.JudgedUntil is { } time ? LocalTime.Short(RecordTime.ToDateTimeOffset(time), Screen.Zone) : "",
                status.Silence is { } silence
                    ? $"{LocalTime.Short(silence.Until, Screen.Zone)}, {SafeText.Escape(silence.By)}: {SafeText.Escape(silence.Why)}"
                    : "");
        }

        table.Write(Screen.Out, Screen.OutColours, Screen.Width);
    }
}
