using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Options;

/// <summary>Which rules there are, and where it is kept what became of them.</summary>
internal sealed class AlertStateOptions
{
    private readonly AlertOptions _alerts = new();
    private readonly StateOptions _state = new();

    public void AddTo(Command command)
    {
        _alerts.AddTo(command);
        _state.AddTo(command);
    }

    /// <exception cref="CommandException">The configuration has faults; all are named.</exception>
    public AlertSettings Read(ParseResult parsed, Screen screen) => _alerts.Read(parsed, screen);

    /// <summary>The state of the server that has this configuration.</summary>
    /// <exception cref="CommandException">Two places were named, or there is nothing.</exception>
    public Task<StateSession> OpenAsync(
        ParseResult parsed, StateUse use, Screen screen, CancellationToken cancellationToken) => _state.OpenAsync(
        parsed, use, screen, cancellationToken,
        named: _alerts.IsGiven(parsed) ? _alerts.ReadServer(parsed, screen) : null);
}
