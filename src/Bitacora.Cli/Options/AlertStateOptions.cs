using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

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

    /// <summary>All that a server would be given by the configuration.</summary>
    /// <exception cref="CommandException">The configuration has faults; all are named.</exception>
    public ServerOptions ReadServer(ParseResult parsed, Screen screen) => _alerts.ReadServer(parsed, screen);

    /// <summary>The state of the server that has this configuration.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="use">What may be made in a directory.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="read">
    /// The configuration where it was read already: a file that is a pipe can be read only once. Else it is read where it was named.
    /// </param>
    /// <exception cref="CommandException">Two places were named, or there is nothing.</exception>
    public Task<StateSession> OpenAsync(
        ParseResult parsed, StateUse use, Screen screen, CancellationToken cancellationToken, ServerOptions? read = null)
    {
        var isNamed = _alerts.IsGiven(parsed);
        return _state.OpenAsync(
            parsed, use, screen, cancellationToken, read ?? (isNamed ? _alerts.ReadServer(parsed, screen) : null), isNamed);
    }
}
