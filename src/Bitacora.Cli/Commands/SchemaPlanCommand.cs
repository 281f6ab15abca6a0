using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Commands;

/// <summary>
/// <c>bitacora schema plan</c>: what lies between a keyspace and what it is to be, as statements; executes them on demand.
/// </summary>
internal sealed class SchemaPlanCommand : CliCommand
{
    private readonly ClusterOptions _cluster = new();
    private readonly SchemaChoices _choices = new(hasRate: true);
    private readonly Option<bool> _apply = new("--apply") { Description = "Execute the statements; servers may run meanwhile." };

    public SchemaPlanCommand(Screen screen)
        : base(
            "plan",
            "Show the statements that change a keyspace to what is asked for. With --apply they are executed. A changed TTL binds new "
                + "records only; a new layout begins at least 20 minutes from now. What is not named stays as it is.",
            screen,
            new Example("schema plan --ttl-days 30", "what 30 days would change"),
            new Example("schema plan --ttl-days 30 --apply", "change it"),
            new Example("schema plan --profile scale --apply", "drop the indexes"),
            new Example("schema plan --rate 5000", "a layout for 5,000 records a second"))
    {
        _cluster.AddTo(this);
        _choices.AddTo(this);
        Add(_apply);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (cluster, keyspace) = await _cluster.ReadOrLocalAsync(parsed, Screen, cancellationToken);
        var options = _choices.Read(parsed, keyspace);
        var lines = new SchemaLines(Screen);
        await (parsed.GetValue(_apply)
            ? CassandraSchema.ApplyAsync(cluster, options, lines.Write, cancellationToken)
            : CassandraSchema.PlanAsync(cluster, options, lines.Write, cancellationToken));
        return ExitCode.Done;
    }
}
