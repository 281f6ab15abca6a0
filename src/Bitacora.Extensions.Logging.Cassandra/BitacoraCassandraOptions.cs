using Bitacora.Client;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Extensions.Logging.Cassandra;

/// <summary>How an application logs straight to a cluster. The section is <c>Logging:BitacoraCassandra</c>.</summary>
/// <remarks>
/// The tables are made by <c>bitacora schema setup</c>, never by an application. Records go in order, in one unlogged batch for each
/// partition, so that nothing is stored twice though it is sent again.
/// </remarks>
public sealed class BitacoraCassandraOptions : QueueLoggerOptions
{
    /// <summary>Nodes to begin with: <c>db1</c>, <c>10.0.0.2:9043</c>, <c>[::1]:9042</c>. Default: this machine.</summary>
    public IList<string> ContactPoints { get; set; } = ["127.0.0.1"];

    /// <summary>The keyspace of the logs. Default <c>logging</c>.</summary>
    public string Keyspace { get; set; } = "logging";

    /// <summary>The datacenter whose nodes are used. Default: that of the node which answers first.</summary>
    public string? LocalDatacenter { get; set; }

    /// <summary>The user. Default: none.</summary>
    public string? Username { get; set; }

    /// <summary>The user's password.</summary>
    public string? Password { get; set; }

    /// <summary>A file whose only line is the password, instead of <see cref="Password"/>. Read at the start.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether to speak TLS. Default: only where one of the following is set.</summary>
    public bool Tls { get; set; }

    /// <summary>A file of the authorities (PEM) that sign the nodes' certificates. Default: those of this machine.</summary>
    public string? TlsAuthorities { get; set; }

    /// <summary>A file with this client's certificate (PEM), where the cluster asks for one. Default: none.</summary>
    public string? TlsCertificate { get; set; }

    /// <summary>A file with the certificate's key (PEM). Default: it stands with the certificate.</summary>
    public string? TlsKey { get; set; }

    /// <summary>Whether a node's certificate must be for the node's name. Default: yes.</summary>
    public bool TlsVerifyName { get; set; } = true;

    /// <exception cref="IOException">The password's file cannot be read.</exception>
    internal ClusterSettings Cluster() => new()
    {
        ContactPoints = [.. ContactPoints ?? []],
        Keyspace = Keyspace,
        LocalDatacenter = LocalDatacenter,
        Username = Username,
        Password = PasswordFile is null ? Password : File.ReadAllText(PasswordFile).Trim(),
        Tls = Tls,
        TlsAuthorities = TlsAuthorities,
        TlsCertificate = TlsCertificate,
        TlsKey = TlsKey,
        TlsVerifyName = TlsVerifyName,
    };

    /// <inheritdoc/>
    protected override void AddFaults(ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (ContactPoints is not { Count: > 0 } points || !points.All(point => point is not null && ClusterSettings.IsContactPoint(point)))
        {
            faults.Add($"{nameof(ContactPoints)} must name one node or more, as db1, 10.0.0.2:9043 or [::1]:9042.");
        }

        if (Keyspace is not { Length: > 0 and <= 48 } || !Keyspace.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            faults.Add($"{nameof(Keyspace)} is '{Keyspace}'; it must have 1 to 48 letters, digits and underscores.");
        }

        if (Password is not null && PasswordFile is not null)
        {
            faults.Add($"{nameof(Password)} and {nameof(PasswordFile)} are both set; there must be one of them, or none.");
        }

        if (Username is null && (Password ?? PasswordFile) is not null)
        {
            faults.Add($"{nameof(Username)} is missing; a password needs one.");
        }

        try
        {
            // What else is wrong (contact points that are missing) was said above, and is no reason to say it as another option's fault.
            Cluster().ToCqlOptions(TimeProvider.System);
        }
        catch (InvalidDataException failure)
        {
            faults.Add($"{nameof(Tls)} cannot be used: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add($"{nameof(PasswordFile)} is '{PasswordFile}', which cannot be read: {failure.Message}");
        }
    }

    /// <inheritdoc/>
    protected override LogQueueOptions Adapt(LogQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The same nodes in another order are the same cluster. Called for options too that are wrong.
        var nodes = string.Join(',', (ContactPoints ?? []).Order(StringComparer.Ordinal));
        return options with { Ordered = true, Destination = $"cassandra://{nodes}/{Keyspace}" };
    }
}
