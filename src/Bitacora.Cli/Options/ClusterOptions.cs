using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Options;

/// <summary>
/// How to reach a Cassandra cluster: the same options for every command. The password is never an argument, where others of the machine
/// could read it.
/// </summary>
internal sealed class ClusterOptions
{
    private const string PasswordVariable = "CASSANDRA_PASSWORD";
    private const string ContactPointsVariable = "CASSANDRA_CONTACT_POINTS";

    private readonly Option<string?> _contactPoints = new("--contact-points")
    {
        Description = "Nodes of the cluster, with commas between them: db1,db2:9043 (environment: CASSANDRA_CONTACT_POINTS).",
        HelpName = "HOSTS",
    };

    private readonly Option<string> _keyspace = new("--keyspace")
    {
        Description = "The keyspace of the logs; logging unless given.",
        HelpName = "NAME",
        DefaultValueFactory = _ => SchemaOptions.DefaultKeyspace,
    };

    private readonly Option<string?> _localDatacenter = new("--local-dc")
    {
        Description = "The datacenter whose nodes are used; that of the node which answers first unless given.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _tls = new("--tls") { Description = "Speak TLS with the nodes." };

    private readonly Option<string?> _authority = new("--tls-ca")
    {
        Description = "The authorities that sign the nodes' certificates (PEM); those of this machine unless given. Means --tls.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _anyName = new("--tls-no-verify-name")
    {
        Description = "Accept certificates for other names than the node's; the signature is still checked. Means --tls.",
    };

    private readonly Option<string?> _certificate = new("--tls-cert")
    {
        Description = "This client's certificate (PEM), where the nodes ask for one. Means --tls.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--tls-key")
    {
        Description = "Its private key (PEM); in the certificate's file unless given.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _user = new("--username")
    {
        Description = "The user. The password comes from CASSANDRA_PASSWORD, or is asked for on a terminal.",
        HelpName = "NAME",
    };

    public ClusterOptions() => _keyspace.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !SchemaOptions.IsKeyspaceName(token.Value))
        {
            result.AddError(
                $"'{token.Value}' cannot be the keyspace: lower-case letters, digits and _, beginning with a letter, at most 48, not "
                + "Cassandra's own.");
        }
    });

    public void AddTo(Command command)
    {
        command.Add(_contactPoints);
        command.Add(_keyspace);
        command.Add(_localDatacenter);
        command.Add(_tls);
        command.Add(_authority);
        command.Add(_anyName);
        command.Add(_certificate);
        command.Add(_key);
        command.Add(_user);
    }

    /// <summary>The cluster that was asked for; flags are stronger than the environment. Asks for the password where it must.</summary>
    /// <returns>The choice; null if neither says where a cluster is.</returns>
    /// <exception cref="CommandException">A contact point, a file or the password is not as it must be.</exception>
    public async Task<ClusterChoice?> ReadAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken)
    {
        var named = parsed.GetValue(_contactPoints) ?? screen.Environment(ContactPointsVariable);
        return string.IsNullOrWhiteSpace(named) ? null : await ReadAsync(parsed, screen, named, cancellationToken);
    }

    /// <summary>The same, where a cluster is needed: this machine's own unless another is named.</summary>
    /// <exception cref="CommandException">A contact point, a file or the password is not as it must be.</exception>
    public async Task<ClusterChoice> ReadOrLocalAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken) =>
        await ReadAsync(parsed, screen, cancellationToken) ?? await ReadAsync(parsed, screen, "127.0.0.1", cancellationToken);

    /// <summary>The settings of the cluster that was asked for, as a server takes them; null if nobody says where a cluster is.</summary>
    /// <exception cref="CommandException">A contact point or the password is not as it must be.</exception>
    public async Task<ClusterSettings?> ReadSettingsAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken)
    {
        var named = parsed.GetValue(_contactPoints) ?? screen.Environment(ContactPointsVariable);
        return string.IsNullOrWhiteSpace(named) ? null : await ReadSettingsAsync(parsed, screen, named, cancellationToken);
    }

    /// <summary>The flags as settings of a server; null where a flag is not given.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string?>>> ReadFlagsAsync(
        ParseResult parsed, Screen screen, CancellationToken cancellationToken)
    {
        var user = parsed.GetValue(_user);
        return
        [
            new("cassandra:contact_points", parsed.GetValue(_contactPoints)),
            new("cassandra:keyspace", parsed.GetResult(_keyspace) is { Implicit: false } ? parsed.GetValue(_keyspace) : null),
            new("cassandra:local_dc", parsed.GetValue(_localDatacenter)),
            new("cassandra:username", user),
            new("cassandra:password", user is null ? null : await PasswordAsync(user, screen, cancellationToken)),
            new("cassandra:tls", parsed.GetValue(_tls) ? "true" : null),
            new("cassandra:tls_ca", parsed.GetValue(_authority)),
            new("cassandra:tls_cert", parsed.GetValue(_certificate)),
            new("cassandra:tls_key", parsed.GetValue(_key)),
            new("cassandra:tls_verify_name", parsed.GetValue(_anyName) ? "false" : null),
        ];
    }

    /// <summary>What every command reads from the environment, under the names of a server's settings.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> EnvironmentOf(Screen screen)
    {
        if (screen.Environment(ContactPointsVariable) is { Length: > 0 } points)
        {
            yield return new("BITACORA__CASSANDRA__CONTACT_POINTS", points);
        }

        if (screen.Environment(PasswordVariable) is { Length: > 0 } password)
        {
            yield return new("BITACORA__CASSANDRA__PASSWORD", password);
        }
    }

    /// <summary>Whether contact points are given as a flag, which is stronger than everything in the environment.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_contactPoints) is not null;

    private async Task<ClusterChoice> ReadAsync(ParseResult parsed, Screen screen, string named, CancellationToken cancellationToken)
    {
        var settings = await ReadSettingsAsync(parsed, screen, named, cancellationToken);
        try
        {
            return new ClusterChoice(settings.ToCqlOptions(screen.Clock), settings.Keyspace);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"--{e.Message}", null, ExitCode.WrongUsage);
        }
    }

    private async Task<ClusterSettings> ReadSettingsAsync(
        ParseResult parsed, Screen screen, string named, CancellationToken cancellationToken)
    {
        var points = named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (points.Length == 0 || !points.All(ClusterSettings.IsContactPoint))
        {
            throw new CommandException(
                $"'{named}' names no nodes.", "Write them as db1,10.0.0.2:9043,[::1]:9042.", ExitCode.WrongUsage);
        }

        var user = parsed.GetValue(_user);
        return new ClusterSettings
        {
            ContactPoints = points,
            Keyspace = parsed.GetRequiredValue(_keyspace),
            LocalDatacenter = parsed.GetValue(_localDatacenter),
            Username = user,
            Password = user is null ? null : await PasswordAsync(user, screen, cancellationToken),
            Tls = parsed.GetValue(_tls),
            TlsAuthorities = parsed.GetValue(_authority),
            TlsVerifyName = !parsed.GetValue(_anyName),
            TlsCertificate = parsed.GetValue(_certificate),
            TlsKey = parsed.GetValue(_key),
        };
    }

    private static async Task<string> PasswordAsync(string user, Screen screen, CancellationToken cancellationToken)
    {
        if (screen.Environment(PasswordVariable) is { Length: > 0 } password)
        {
            return password;
        }

        if (!screen.InputIsTerminal || !screen.ErrorIsTerminal)
        {
            throw new CommandException(
                $"There is no password for the user {user}.",
                $"Put it into {PasswordVariable}, or run this on a terminal, which asks for it.", ExitCode.WrongUsage);
        }

        screen.Error.Write($"Password of {SafeText.Escape(user)}: ");
        await screen.Error.FlushAsync(cancellationToken);
        var typed = await Task.Run(screen.ReadSecret, CancellationToken.None).WaitAsync(cancellationToken);
        screen.Error.WriteLine();
        return typed;
    }
}
