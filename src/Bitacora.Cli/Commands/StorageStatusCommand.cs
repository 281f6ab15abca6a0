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
            "Show how much is stored, from when to when, in which files, and what is wrong.",
            screen,
            new Example("storage status", "the local server or directory"),
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
        var stats = await session.Client.GetJsonAsync("api/stats", cancellationToken);
        if (format == OutputFormat.Json)
        {
            Screen.Out.WriteLine(stats.GetRawText());
            return ExitCode.Done;
        }

        var report = new StatusReport(Screen, stats);
        if (format == OutputFormat.Csv)
        {
            report.WriteFilesAsCsv();
        }
        else
        {
            report.Write(session.IsOwn ? "" : session.Client.Server.AbsoluteUri.TrimEnd('/'));
        }

        return report.HasProblems ? ExitCode.Failed : ExitCode.Done;
    }
}
