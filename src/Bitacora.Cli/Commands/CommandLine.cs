using System.CommandLine;
using System.CommandLine.Parsing;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary>Parses a command line, says what is wrong with it, and runs it.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parser = new()
    {
        // `@l:Error` is a query and `-abc` is one too.
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    public static ParseResult Parse(Command root, IReadOnlyList<string> arguments) =>
        CommandLineParser.Parse(root, arguments, Parser);

    public static async Task<int> RunAsync(Screen screen, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var root = BitacoraCommand.Create(screen);
        var parsed = Parse(root, arguments);
        var isAnswered = parsed.Action is HelpPage || root.Options.OfType<VersionOption>().Any(version => version.Action == parsed.Action);
        var problems = isAnswered ? [] : UsageProblems.Of(parsed);
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                screen.Complain(problem, null);
            }

            screen.Error.WriteLine($"  See `{UsageProblems.PathOf(parsed.CommandResult)} --help`.");
            return ExitCode.WrongUsage;
        }

        var exitCode = await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = screen.Out,
                Error = screen.Error,
                EnableDefaultExceptionHandler = false,

                // Signals are the program's own; see Program.
                ProcessTerminationTimeout = null,
            },
            cancellationToken);

        // What the library itself wrote, such as the version.
        await screen.Out.FlushAsync(CancellationToken.None);
        return exitCode;
    }
}
