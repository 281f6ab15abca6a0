using System.CommandLine;
using System.Reflection;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora completion SHELL</c>: prints the script that makes a shell complete.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = "The shell that is to complete.",
        HelpName = "bash|zsh|fish",
    };

    public CompletionCommand(Screen screen)
        : base(
            "completion",
            "Print the script that completes commands, options and their values in a shell.",
            screen,
            new Example("completion bash > ~/.local/share/bash-completion/completions/bitacora", "bash, for good"),
            new Example("completion zsh > ~/.zfunc/_bitacora", "zsh; with fpath+=~/.zfunc before compinit"),
            new Example("completion fish > ~/.config/fish/completions/bitacora.fish", "fish"))
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(_shell);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Screen.Out.Write(ScriptOf(parsed.GetRequiredValue(_shell)));
        return Task.FromResult(ExitCode.Done);
    }

    /// <summary>The script for a shell; every one asks <c>bitacora complete</c>, so it never grows old.</summary>
    public static string ScriptOf(string shell)
    {
        using var script = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion.{shell}")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
