using System.CommandLine;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary>The root of the command tree.</summary>
internal static class BitacoraCommand
{
    public static RootCommand Create(Screen screen)
    {
        var root = new RootCommand("Bitácora stores logs on this machine and finds them again.")
        {
            new ServeCommand(screen),
            new IngestCommand(screen),
            new SearchCommand(screen),
            new TailCommand(screen),
            new DemoCommand(screen),
            new CommandGroup(
                "storage", "What is stored, whether it can be read, and how long it stays.",
                new StorageStatusCommand(screen), new StorageVerifyCommand(screen), new StorageRetentionCommand(screen)),
            new CommandGroup(
                "schema", "The keyspace of a Cassandra cluster.",
                new SchemaSetupCommand(screen), new SchemaVerifyCommand(screen), new SchemaPlanCommand(screen)),
            new CommandGroup(
                "keys", "API keys: who may send and who may read.",
                new KeysCreateCommand(screen), new KeysListCommand(screen), new KeysRotateCommand(screen), new KeysRevokeCommand(screen)),
            new CommandGroup(
                "alerts", "Rules that count records, and who is told.",
                new AlertsCheckCommand(screen), new AlertsListCommand(screen), new AlertsShowCommand(screen),
                new AlertsSilenceCommand(screen),
                new AlertsUnsilenceCommand(screen), new AlertsHistoryCommand(screen), new AlertsTestCommand(screen),
                new AlertsBacktestCommand(screen),
                new AlertsValidateCommand(screen)),
            new SendersCommand(screen),
            new DoctorCommand(screen),
            new CommandGroup("config", "The configuration of the server.", new ConfigCheckCommand(screen)),
            new CommandGroup(
                "bench", "Proofs and measurements to run on your own machine.",
                new BenchLoggerCommand(screen), new BenchIngestCommand(screen), new BenchSearchCommand(screen),
                new BenchCrashCommand(screen)),
            new CompletionCommand(screen),
        };
        root.Add(new CompleteCommand(screen, root));

        // A query may begin with a bracket; the library would take it for a directive.
        root.Directives.Clear();
        HelpPage.Install(root, screen.Width);
        return root;
    }
}
