using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora schema setup</c>: creates what is missing in the keyspace of a cluster.</summary>
internal sealed class SchemaSetupCommand : CliCommand
{
    private readonly ClusterOptions _cluster = new();
    private readonly SchemaChoices _choices = new(hasRate: true);
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the CQL and change nothing." };

    public SchemaSetupCommand(Screen screen)
        : base(
            "setup",
            "Create keyspace, tables and indexes on a Cassandra cluster. Does nothing where nothing is missing, and never touches what is "
                + "there: what is only different is changed by `schema plan --apply`. Without --contact-points it is 127.0.0.1.",
            screen,
            new Example("schema setup", "on this machine, one replica, 90 days"),
            new Example("schema setup --contact-points db1,db2 --replication-factor 3 --ttl-days 30", "on a cluster"),
            new Example("schema setup --rate 5000 --profile scale", "for 5,000 records a second"),
            new Example("schema setup --dry-run", "only print the CQL"))
    {
        _cluster.AddTo(this);
        _choices.AddTo(this);
        Add(_dryRun);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (cluster, keyspace) = await _cluster.ReadOrLocalAsync(parsed, Screen, cancellationToken);
        var options = _choices.Read(parsed, keyspace);
        var lines = new SchemaLines(Screen);
        await (parsed.GetValue(_dryRun)
            ? CassandraSchema.DryRunAsync(cluster, options, lines.Write, cancellationToken)
            : CassandraSchema.SetUpAsync(cluster, options, lines.Write, cancellationToken));
        return ExitCode.Done;
    }
}
