using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts history</c>: what fired and resolved, newest first.</summary>
internal sealed class AlertsHistoryCommand : CliCommand
{
    private readonly FormatOption _format = new();
    private readonly AlertStateOptions _alerts = new();

    public AlertsHistoryCommand(Screen screen)
        : base(
            "history", "Show what fired and resolved, newest first. Each rule remembers its last hundred events.", screen,
            new Example("alerts history", "of the local data directory"),
            new Example("alerts history --format csv", "for a spreadsheet"))
    {
        _format.AddTo(this);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var here = _alerts.ReadServer(parsed, Screen);
        var settings = here.Alerts ?? AlertSettings.Default;
        await using var state = await _alerts.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken, here);
        var events = await new AlertStates(settings, state.Store, Screen.Clock).HistoryAsync(cancellationToken);
        var format = _format.Read(parsed);
        if (format == OutputFormat.Pretty && events.Count == 0)
        {
            Screen.Say("Nothing has fired yet.");
            return ExitCode.Done;
        }

        new AlertTable(Screen, format).Write(events);
        return ExitCode.Done;
    }
}
