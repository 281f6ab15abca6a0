namespace Bitacora.Cli.Commands;

/// <summary>Ends a command: what went wrong, what to do about it, and the exit code.</summary>
internal sealed class CommandException(string problem, string? advice = null, int exitCode = ExitCode.Failed) : Exception(problem)
{
    public string? Advice => advice;

    public int ExitCode => exitCode;
}
