using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Storing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora storage status</c>: what is stored and how it is.</summary>
internal sealed class StorageStatusCommand : CliCommand
{
    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public StorageStatusCommand(Screen screen)
        : base(
            "status",
            "Show how much is stored, from when to when, in which files, and what is wrong. On a Cassandra cluster: which nodes are up, "
                + "disk and largest partitions, how fast writes are, and what a node that is killed may forget. Ends with 1 when "
                + "something is wrong.",
            screen,
            new Example("storage status", "the local server or directory"),
            new Example("storage status --contact-points db1,db2", "a cluster, with no server before it"),
            new Example("storage status --format json | jq .store.records", "for programs"))
    {
        _format.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        await using var session = await new TargetResolver(Screen)
            .OpenAsync(await _target.ReadAsync(parsed, Screen, cancellationToken), create: false, cancellationToken);
        var stats = await session.Client.GetJsonAsync("api/stats?cluster=true", cancellationToken);
        var report = new StatusReport(Screen, stats);
        switch (format)
        {
            case OutputFormat.Json:
                Screen.Out.WriteLine(stats.GetRawText());
                break;
            case OutputFormat.Csv:
                report.WriteAsCsv();
                break;
            default:
                report.Write(session.IsOwn ? "" : session.Client.Server.AbsoluteUri.TrimEnd('/'));
                break;
        }

        return report.HasProblems ? ExitCode.Failed : ExitCode.Done;
    }
}
