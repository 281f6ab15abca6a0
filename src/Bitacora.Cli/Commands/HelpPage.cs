using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary>The library's help, and the command's examples below it.</summary>
internal sealed class HelpPage(HelpAction library, int width) : SynchronousCommandLineAction
{
    private const int WidestText = 100;

    private static readonly Example[] FirstSteps =
    [
        new("serve", "start a server; nothing to set up"),
        new("ingest app.ndjson", "store a file of JSON lines"),
        new("search 'level>=ERROR connection' --last 24h", "find what went wrong"),
        new("search --help", "more of a command"),
    ];

    public override bool ClearsParseErrors => true;

    /// <summary>Puts it in the place of the library's, for every command.</summary>
    /// <param name="root">The command with all others.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static void Install(RootCommand root, int width)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            // `-h:x` and `-?` may stand in a query; the long name and -h alone are enough.
            option.Aliases.Remove("-?");
            option.Aliases.Remove("/h");
            option.Aliases.Remove("/?");
            option.Action = new HelpPage((HelpAction)option.Action!, Math.Min(width, WidestText));
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        library.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var examples = parseResult.CommandResult.Command switch
        {
            CliCommand command => command.Examples,
            RootCommand => FirstSteps,
            _ => [],
        };
        if (parseResult.CommandResult.Command is CliCommand { Details: { Length: > 0 } details })
        {
            foreach (var line in Wrapping.Lines(details, width, width))
            {
                output.WriteLine(line);
            }

            output.WriteLine();
        }

        if (examples.Count > 0)
        {
            output.WriteLine("Examples:");
            var lines = examples.Select(example => example.Typed).ToList();
            var longest = lines.Max(line => line.Length);
            foreach (var (line, example) in lines.Zip(examples))
            {
                output.WriteLine($"  {line.PadRight(longest)}  {example.Purpose}");
            }

            output.WriteLine();
        }

        output.Flush();
        return ExitCode.Done;
    }
}
