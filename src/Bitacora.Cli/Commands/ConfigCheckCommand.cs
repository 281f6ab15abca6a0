using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora config check</c>: prints the effective configuration, secrets left out, and every fault in it.</summary>
internal sealed class ConfigCheckCommand : CliCommand
{
    private readonly ConfigurationOptions _configuration = new();

    public ConfigCheckCommand(Screen screen)
        : base(
            "check",
            "Print the configuration that a server would have here. Says of each setting where it comes from and what is allowed; "
                + "secrets that are set are left out.",
            screen,
            new Example("config check", "file and environment"),
            new Example("config check --config /etc/bitacora.json --retention 30d", "another file, and a flag over it"),
            new Example("config check > bitacora.json", "a file to begin with"))
    {
        _configuration.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // A shell that writes the output into the file has emptied it by now.
        var configuration = await _configuration.ReadAsync(parsed, Screen, cancellationToken, mayBeEmpty: true);
        if (configuration.EmptyFile is { } empty)
        {
            Screen.Note($"there is nothing in {empty}, so this is what holds without it");
        }

        var printed = configuration.Print();
        Screen.Out.Write(SafeText.Escape(printed, keepLineEnds: true));
        ConfigurationFaults.Refuse(configuration);
        return ExitCode.Done;
    }
}
