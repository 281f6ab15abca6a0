using System.CommandLine;
using Bitacora.Cli.Ingesting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Records;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora ingest</c>: stores files, each line once.</summary>
internal sealed class IngestCommand : CliCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files of JSON lines or CLEF, plain, .gz or .zst; - is standard input.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _again = new("--again") { Description = "Store every line once more, also those that are stored." };
    private readonly Option<string?> _source = new("--source")
    {
        Description = "The source of all records; else the line's own, else the file's name without its ending.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _layer = new("--layer")
    {
        Description = "The layer of all records.",
        HelpName = "application|infrastructure",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "How lines are read; auto finds out.",
        HelpName = "auto|json|clef",
        DefaultValueFactory = _ => "auto",
    };

    private readonly TargetOptions _target = new();

    public IngestCommand(Screen screen)
        : base(
            "ingest",
            "Store files, each line once. A repeat goes on where the last one stopped, also when the file grew or was rotated. "
                + "Lines that cannot be read are stored plain with parse_error.",
            screen,
            new Example("ingest events.ndjson", "a file"),
            new Example("ingest /var/log/shop/*.log /var/log/shop/*.gz", "several, compressed or not"),
            new Example("ingest app.log --source shop", "under another name"),
            new Example("tail -f app.ndjson | bitacora ingest -", "what is being written"),
            new Example("ingest events.ndjson --again", "once more, though it is stored"))
    {
        _files.CompletionSources.Clear();
        _layer.AcceptOnlyFromAmong("application", "infrastructure");
        _format.AcceptOnlyFromAmong("auto", "json", "clef");
        Add(_files);
        Add(_source);
        Add(_layer);
        Add(_format);
        Add(_again);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var paths = parsed.GetRequiredValue(_files);
        if (paths.Count(path => path == InputFile.StandardInput) > 1)
        {
            throw new CommandException("Standard input can be read once only.", null, ExitCode.WrongUsage);
        }

        if (paths.Contains(InputFile.StandardInput) && Screen.InputIsTerminal)
        {
            Screen.Say("Reading from the terminal; end with Ctrl-D.");
        }

        var target = _target.Read(parsed, Screen);
        await using var session = await new TargetResolver(Screen).OpenAsync(target, create: true, cancellationToken);
        return await new IngestRun(Screen, paths, OptionsOf(parsed), session.Client).RunAsync(cancellationToken);
    }

    private IngestOptions OptionsOf(ParseResult parsed) => new()
    {
        Again = parsed.GetValue(_again),
        Source = parsed.GetValue(_source),
        Layer = parsed.GetValue(_layer) switch
        {
            "application" => Layer.Application,
            "infrastructure" => Layer.Infrastructure,
            _ => null,
        },
        Format = parsed.GetValue(_format) switch
        {
            "json" => LineFormat.Json,
            "clef" => LineFormat.Clef,
            _ => LineFormat.Auto,
        },
    };
}
