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

    /// <summary>Opens the state.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="use">What may be made in a directory.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="read">What a server would be given by the configuration, where it was read already.</param>
    /// <param name="isNamed">Whether that configuration was named.</param>
    /// <exception cref="CommandException">Two places were named, or a server, or there is nothing.</exception>
    public async Task<StateSession> OpenAsync(
        ParseResult parsed, StateUse use, Screen screen, CancellationToken cancellationToken, ServerOptions? read = null,
        bool isNamed = false)
    {
        var named = isNamed ? read : null;
        var data = parsed.GetValue(_data);
        if (data is not null && _cluster.IsGiven(parsed))
        {
            throw new CommandException("--data and --contact-points exclude each other.", "Give one of them.", ExitCode.WrongUsage);
        }

        // A flag says which place is meant. The environment's server is another one, whose state no request tells.
        if (data is null && named is null && !_cluster.IsGiven(parsed)
            && screen.Environment("BITACORA_SERVER") is { } address && !string.IsNullOrWhiteSpace(address))
        {
            throw new CommandException(
                $"BITACORA_SERVER names {address}; keys and what became of alerts are read where they are kept, not through a server.",
                "On the server's machine name its directory with --data DIR, or its cluster with --contact-points; or unset that variable.",
                ExitCode.WrongUsage);
        }

        // A configuration that was named is stronger than the environment's nodes, which it has as well where it is of a cluster.
        if (data is null && (named is null || _cluster.IsGiven(parsed))
            && await _cluster.ReadSettingsAsync(parsed, screen, cancellationToken) is { } cluster)
        {
            return await StateSession.OpenAsync(cluster, screen.Clock, cancellationToken);
        }

        var server = read ?? ConfigurationOptions.Default(screen).Options;
        return data is null && server.Store == StoreKind.Cassandra
            ? await StateSession.OpenAsync(server.Cluster, screen.Clock, cancellationToken)
            : StateSession.Open(Path.GetFullPath(data ?? server.Data), use, screen.Clock);
    }
}
