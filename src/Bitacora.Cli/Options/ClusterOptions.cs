using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Options;

/// <summary>
/// How to reach a Cassandra cluster: the same options for every command. The password is never an argument, where others of the machine
/// could read it.
/// </summary>
internal sealed class ClusterOptions
{
    private const string PasswordVariable = "CASSANDRA_PASSWORD";

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
        var named = parsed.GetValue(_contactPoints) ?? screen.Environment("CASSANDRA_CONTACT_POINTS");
        return string.IsNullOrWhiteSpace(named) ? null : await ReadAsync(parsed, screen, named, cancellationToken);
    }

    /// <summary>The same, where a cluster is needed: this machine's own unless another is named.</summary>
    /// <exception cref="CommandException">A contact point, a file or the password is not as it must be.</exception>
    public async Task<ClusterChoice> ReadOrLocalAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken) =>
        await ReadAsync(parsed, screen, cancellationToken) ?? await ReadAsync(parsed, screen, "127.0.0.1", cancellationToken);

    private async Task<ClusterChoice> ReadAsync(ParseResult parsed, Screen screen, string named, CancellationToken cancellationToken)
    {
        var points = named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (points.Length == 0 || points.FirstOrDefault(point => !IsContactPoint(point)) is not null)
        {
            throw new CommandException(
                $"'{named}' names no nodes.", "Write them as db1,10.0.0.2:9043,[::1]:9042.", ExitCode.WrongUsage);
        }

        var cluster = new CqlOptions
        {
            ContactPoints = points,
            LocalDatacenter = parsed.GetValue(_localDatacenter),
            Tls = TlsOf(parsed),
            Credentials = await CredentialsAsync(parsed.GetValue(_user), screen, cancellationToken),
            ApplicationName = "bitacora",
            TimeProvider = screen.Clock,
        };
        return new ClusterChoice(cluster, parsed.GetRequiredValue(_keyspace));
    }

    // One colon, or one behind brackets, leads to a port; more are an IPv6 address.
    private static bool IsContactPoint(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon == 0 || (colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon));
        return !hasPort || (colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0);
    }

    private CqlTlsOptions? TlsOf(ParseResult parsed)
    {
        var (authority, anyName, certificate) = (parsed.GetValue(_authority), parsed.GetValue(_anyName), parsed.GetValue(_certificate));
        if (!parsed.GetValue(_tls) && authority is null && !anyName && certificate is null)
        {
            return null;
        }

        return new CqlTlsOptions
        {
            Authorities = authority is null ? null : Authorities(authority),
            ClientCertificates = certificate is null
                ? null
                : [Read("--tls-cert", certificate, file => X509Certificate2.CreateFromPemFile(file, parsed.GetValue(_key)))],
            CheckHostName = !anyName,
        };
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        Read("--tls-ca", file, _ =>
        {
            authorities.ImportFromPemFile(file);
            return authorities;
        });
        return authorities.Count > 0
            ? authorities
            : throw new CommandException(
                $"--tls-ca: {file} holds no certificate.", "It must be PEM: -----BEGIN CERTIFICATE-----.", ExitCode.WrongUsage);
    }

    private static T Read<T>(string option, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option}: {file} cannot be read: {e.Message}", null, ExitCode.WrongUsage);
        }
    }

    private static async Task<CqlCredentials?> CredentialsAsync(string? user, Screen screen, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            return null;
        }

        if (screen.Environment(PasswordVariable) is { Length: > 0 } password)
        {
            return new CqlCredentials(user, password);
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
        return new CqlCredentials(user, typed);
    }
}
