using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

namespace Bitacora.Cli.Options;

/// <summary>Where the rules are: <c>--config</c>, or <c>bitacora.json</c> in the working directory, or the defaults.</summary>
internal sealed class AlertOptions
{
    private readonly Option<string?> _file = new("--config")
    {
        Description =
            "The server's configuration file, with its rules and its data directory; bitacora.json in the working directory unless given.",
        HelpName = "FILE",
    };

    public void AddTo(Command command) => command.Add(_file);

    /// <summary>Whether a file was named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_file) is not null;

    /// <summary>All that a server would be given by that configuration.</summary>
    /// <exception cref="CommandException">The configuration has faults; all are named.</exception>
    public ServerOptions ReadServer(ParseResult parsed, Screen screen)
    {
        var configuration = Load(parsed, screen);
        ConfigurationFaults.Refuse(configuration);
        return configuration.Options;
    }

    /// <summary>The same with its faults.</summary>
    public ServerConfiguration Load(ParseResult parsed, Screen screen) =>
        ConfigurationOptions.Default(screen, parsed.GetValue(_file));

    /// <summary>The settings with the page that links lead to, where they name none.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="session">
    /// The server of which records are asked; where there is none, or it is this very process, that which one started here would be.
    /// </param>
    /// <param name="here">What that one would be given.</param>
    public static AlertSettings WithLink(AlertSettings settings, Session? session, ServerOptions here) => settings with
    {
        Link = settings.Link ?? (session is { IsOwn: false } ? session.Client.Server : here.Address),
    };

    /// <exception cref="CommandException">There is no such rule.</exception>
    public static void RequireRule(AlertSettings settings, string rule)
    {
        if (settings.Rules.All(one => one.Name != rule))
        {
            throw new CommandException(
                $"There is no rule '{rule}'.", $"There are: {string.Join(", ", settings.Rules.Select(one => one.Name))}.",
                ExitCode.WrongUsage);
        }
    }
}
