using System.CommandLine;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora schema verify</c>: whether a keyspace is as it must be, for scripts.</summary>
internal sealed class SchemaVerifyCommand : CliCommand
{
    private readonly ClusterOptions _cluster = new();
    private readonly SchemaChoices _choices = new(hasRate: false);
    private readonly FormatOption _format = new();

    public SchemaVerifyCommand(Screen screen)
        : base(
            "verify",
            "Say whether a keyspace is as it must be. A line for each difference; exit code 0 if there is none, else 1. Without options "
                + "for TTL, replication and profile any will do.",
            screen,
            new Example("schema verify --contact-points db1 && ./deploy", "go on only if all is well"),
            new Example("schema verify --ttl-days 90 --replication-factor 3", "these too"),
            new Example("schema verify --format json | jq -r .problem", "for programs"))
    {
        _cluster.AddTo(this);
        _choices.AddTo(this);
        _format.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        var (cluster, keyspace) = await _cluster.ReadOrLocalAsync(parsed, Screen, cancellationToken);
        var differences = await CassandraSchema.VerifyAsync(cluster, _choices.Read(parsed, keyspace), cancellationToken);
        Write(differences, format);
        Screen.Say(differences.Count == 0
            ? $"The keyspace {keyspace} is as it must be."
            : $"{Numbers.Count(differences.Count, "difference")} found in the keyspace {keyspace}.");
        return differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private void Write(IReadOnlyList<SchemaDifference> differences, OutputFormat format)
    {
        var rows = differences.Select(one => JsonSerializer.SerializeToUtf8Bytes(new { subject = one.Subject, problem = one.Problem }));
        if (!RowOutput.TryWrite(Screen, format, ["subject", "problem"], rows))
        {
            foreach (var (subject, problem) in differences)
            {
                Screen.Out.WriteLine(SafeText.Escape($"{subject}: {problem}"));
            }
        }
    }
}
