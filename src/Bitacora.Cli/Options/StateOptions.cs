using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

namespace Bitacora.Cli.Options;

/// <summary>Where state is kept that servers share: <c>--data</c>, a cluster, or what a server started here would have.</summary>
internal sealed class StateOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "The server's data directory (environment: BITACORA_DATA); whether the server runs does not matter.",
        HelpName = "DIR",
    };

    private readonly ClusterOptions _cluster = new();

    public void AddTo(Command command)
    {
        command.Add(_data);
        _cluster.AddTo(command);
    }

    /// <exception cref="CommandException">Both were named.</exception>
    public async Task<StateSession> OpenAsync(ParseResult parsed, bool create, Screen screen, CancellationToken cancellationToken)
    {
        var data = parsed.GetValue(_data);
        if (data is not null && _cluster.IsGiven(parsed))
        {
            throw new CommandException("--data and --contact-points exclude each other.", "Give one of them.", ExitCode.WrongUsage);
        }

        if (data is null && await _cluster.ReadSettingsAsync(parsed, screen, cancellationToken) is { } cluster)
        {
            return await StateSession.OpenAsync(cluster, screen.Clock, cancellationToken);
        }

        var server = ConfigurationOptions.Default(screen).Options;
        return data is null && server.Store == StoreKind.Cassandra
            ? await StateSession.OpenAsync(server.Cluster, screen.Clock, cancellationToken)
            : StateSession.Open(Path.GetFullPath(data ?? server.Data), create, screen.Clock);
    }
}
