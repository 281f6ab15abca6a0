using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Server;

namespace Bitacora.Cli.Options;

/// <summary>The configuration of a server: the file, the environment, and flags over both.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string?> _file = new("--config")
    {
        Description = "The configuration file; bitacora.json in the working directory unless given.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The data directory (environment: BITACORA_DATA).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Addresses to listen on, with commas between them; http://127.0.0.1:7600 unless given. Port 0 takes a free one.",
        HelpName = "URL",
    };

    private readonly Option<string?> _retention = new("--retention")
    {
        Description = "How long records are kept: 30d, or forever (the default).",
        HelpName = "DURATION",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Listen beyond this machine though nobody has to show a key.",
    };

    private readonly Option<string?> _store = new("--store")
    {
        Description = "Where records are kept: embedded (this machine, the default) or cassandra. --contact-points means cassandra.",
        HelpName = "embedded|cassandra",
    };

    private readonly Option<string?> _acknowledge = new("--acknowledge")
    {
        Description =
            "On a cluster: answer when records are on this server's disk (the default), or when a quorum of the cluster has them.",
        HelpName = "disk|cluster",
    };

    private readonly ClusterOptions _cluster = new();

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any other setting, such as query:timeout=10s; `bitacora config check` lists them.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    public ConfigurationOptions()
    {
        _store.CompletionSources.Add("embedded", "cassandra");
        _acknowledge.CompletionSources.Add("disk", "cluster");
    }

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_listen);
        command.Add(_retention);
        command.Add(_insecure);
        command.Add(_store);
        command.Add(_acknowledge);
        _cluster.AddTo(command);
        command.Add(_set);
        command.Add(_file);
    }

    /// <summary>Reads all of it; the faults stand in the configuration.</summary>
    public async Task<ServerConfiguration> ReadAsync(
        ParseResult parsed, Screen screen, CancellationToken cancellationToken, bool mayBeEmpty = false)
    {
        var flags = new List<KeyValuePair<string, string?>>();
        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new CommandException(
                    $"'{setting}' is no setting.", "Write it as KEY=VALUE, such as query:timeout=10s.", ExitCode.WrongUsage);
            }

            flags.Add(new(setting[..at].Trim(), setting[(at + 1)..].Trim()));
        }

        flags.Add(new("data", parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : null));
        flags.Add(new("listen", parsed.GetValue(_listen)));
        flags.Add(new("storage:retention", parsed.GetValue(_retention)));
        flags.Add(new("insecure", parsed.GetValue(_insecure) ? "true" : null));
        flags.Add(new("store", parsed.GetValue(_store) ?? (_cluster.IsGiven(parsed) ? "cassandra" : null)));
        flags.Add(new("cassandra:acknowledge", parsed.GetValue(_acknowledge)));
        flags.AddRange(await _cluster.ReadFlagsAsync(parsed, screen, cancellationToken));
        return Load(parsed.GetValue(_file), screen, flags, mayBeEmpty);
    }

    /// <summary>What a server would do here that is given no flags.</summary>
    public static ServerConfiguration Default(Screen screen, string? file = null) => Load(file, screen, []);

    private static ServerConfiguration Load(
        string? file, Screen screen, IEnumerable<KeyValuePair<string, string?>> flags, bool mayBeEmpty = false)
    {
        // BITACORA_DATA names the directory for every command; the long name is stronger, being the server's own.
        var data = screen.Environment("BITACORA_DATA");
        var common = new List<KeyValuePair<string, string?>>(ClusterOptions.EnvironmentOf(screen));
        if (!string.IsNullOrWhiteSpace(data))
        {
            common.Add(new("BITACORA__DATA", Path.GetFullPath(data)));
        }

        return ServerConfiguration.Load(file, common.Concat(ServerConfiguration.ProcessEnvironment()), flags, mayBeEmpty);
    }
}
