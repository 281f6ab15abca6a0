using System.CommandLine;
using Bitacora.Cli.Crashing;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary>
/// <c>bitacora bench crash</c>: kills a server under load, again and again, and counts what it had promised and does not have.
/// </summary>
internal sealed class BenchCrashCommand : CliCommand
{
    private readonly Option<int> _kills = new("--kills")
    {
        Description = "How often the server is killed.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<int?> _minutes = new("--minutes")
    {
        Description = "Kill for N minutes, however often that is.",
        HelpName = "N",
    };

    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "Repeats the random choices of another run; each run prints its own.",
        HelpName = "N",
    };

    private readonly Option<int> _connections = new("--connections")
    {
        Description = "How many connections send at once.",
        HelpName = "N",
        DefaultValueFactory = _ => 6,
    };

    private readonly Option<string?> _directory = new("--directory")
    {
        Description = "A new directory on the disk to be tested; beside the default data directory unless given. Deleted when all is well.",
        HelpName = "DIR",
    };

    public BenchCrashCommand(Screen screen)
        : base(
            "crash",
            "Kill a server under load and count what it lost. Starts one in a new directory, loads it, kills it with SIGKILL, starts it "
                + "again, and compares what it acknowledged with what it has.",
            screen,
            new Example("bench crash --kills 20", "about a minute and a half"),
            new Example("bench crash --minutes 30 --directory /mnt/disk/crash", "a long run on another disk"),
            new Example("bench crash --kills 20 --seed 42", "the same choices again"))
    {
        Add(_kills);
        Add(_minutes);
        Add(_seed);
        Add(_connections);
        Add(_directory);
        AtLeastOne.Require(_kills);
        AtLeastOne.Require(_minutes);
        AtLeastOne.Require(_connections);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var seed = parsed.GetValue(_seed) ?? Random.Shared.Next();
        var directory = Path.GetFullPath(parsed.GetValue(_directory) ?? $"{ServerOptions.DefaultData}-crash-{Environment.ProcessId}");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new CommandException($"{directory} is not empty.", "Name a new directory with --directory DIR.", ExitCode.WrongUsage);
        }

        var plan = new CrashPlan
        {
            Directory = directory,
            Seed = seed,
            Connections = parsed.GetValue(_connections),
            Kills = parsed.GetValue(_minutes) is null ? parsed.GetValue(_kills) : int.MaxValue,
            Until = parsed.GetValue(_minutes) is { } minutes ? Screen.Clock.GetUtcNow().AddMinutes(minutes) : DateTimeOffset.MaxValue,
        };
        Screen.Say($"seed {seed}, {plan.Connections} connections, data in {directory}");
        var total = await new CrashBench(Screen, plan).RunAsync(cancellationToken);
        if (total.IsSound)
        {
            Directory.Delete(directory, recursive: true);
            return ExitCode.Done;
        }

        Screen.Complain("Acknowledged records are missing, or are there twice.", $"Everything is kept for inspection in {directory}.");
        return ExitCode.Failed;
    }
}
