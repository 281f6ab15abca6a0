using System.CommandLine;
using Bitacora.Cli.Ingesting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora ingest</c>: stores files, each line once.</summary>
internal sealed class IngestCommand : CliCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Log files, plain, .gz or .zst, and directories of them; - is standard input.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrMore,
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
        Description = "The format of all lines; auto finds out, list shows all.",
        HelpName = "auto|list|FORMAT",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _zone = new("--tz")
    {
        Description = "The time zone of times that name none: Europe/Madrid, +02:00. This machine's unless given.",
        HelpName = "ZONE",
    };

    private readonly Option<int?> _year = new("--year")
    {
        Description = "The year of dates without one; else the one nearest to the file's time.",
        HelpName = "YEAR",
    };

    private readonly Option<string?> _prefix = new("--log-line-prefix")
    {
        Description = "PostgreSQL's setting of that name, where it is an unusual one.",
        HelpName = "PREFIX",
    };

    private readonly Option<bool> _noWait = new("--no-wait")
    {
        Description = "With --contact-points: end as soon as the cluster has the records, though a killed node may still lose them.",
    };

    private readonly TargetOptions _target = new();

    public IngestCommand(Screen screen)
        : base(
            "ingest",
            "Store files, each line once. A repeat goes on where the last one stopped, also when the file grew or was rotated. "
                + "Lines that cannot be read are stored plain with parse_error.",
            screen,
            new Example("ingest /var/log/syslog", "a file"),
            new Example("ingest /var/log/nginx/access.log*", "a rotated log, the oldest file first"),
            new Example("ingest /var/log", "all text files in a directory"),
            new Example("ingest app.log --source shop", "under another name"),
            new Example("tail -f app.ndjson | bitacora ingest -", "what is being written"),
            new Example("ingest old.log --tz Europe/Madrid --year 2019", "what its lines do not say"),
            new Example("ingest postgresql.log --log-line-prefix '%m %u@%d '", "PostgreSQL's, with an unusual log_line_prefix"),
            new Example("ingest events.ndjson --again", "once more, though it is stored"))
    {
        _files.CompletionSources.Clear();
        _layer.AcceptOnlyFromAmong("application", "infrastructure");
        _format.AcceptOnlyFromAmong(["auto", "list", .. LogFormats.All.Select(format => format.Id)]);
        _zone.CompletionSources.Add("UTC", "Europe/Madrid");
        Add(_files);
        Add(_source);
        Add(_layer);
        Add(_format);
        Add(_zone);
        Add(_year);
        Add(_prefix);
        Add(_again);
        Add(_noWait);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var paths = parsed.GetValue(_files) ?? [];
        if (parsed.GetValue(_format) == "list")
        {
            FormatList.Write(Screen);
            return ExitCode.Done;
        }

        if (paths.Length == 0)
        {
            throw new CommandException("Which files?", "bitacora ingest FILE…, or - for standard input.", ExitCode.WrongUsage);
        }

        if (paths.Count(path => path == InputFile.StandardInput) > 1)
        {
            throw new CommandException("Standard input can be read once only.", null, ExitCode.WrongUsage);
        }

        if (paths.Contains(InputFile.StandardInput) && Screen.InputIsTerminal)
        {
            Screen.Say("Reading from the terminal; end with Ctrl-D.");
        }

        var target = await _target.ReadAsync(parsed, Screen, cancellationToken);
        await using var session = await new TargetResolver(Screen).OpenAsync(target, create: true, cancellationToken);
        var inputs = InputList.Of(paths, Screen);
        var code = await new IngestRun(Screen, inputs, OptionsOf(parsed), session.Client).RunAsync(cancellationToken);
        if (target.Cluster is not null)
        {
            await SettleAsync(session, parsed.GetValue(_noWait), cancellationToken);
        }

        return code;
    }

    /// <summary>
    /// Without a server nobody sends records again that a killed node has lost from its commit log: so the command stays until no node can
    /// lose them any more.
    /// </summary>
    private async Task SettleAsync(Session session, bool isSkipped, CancellationToken cancellationToken)
    {
        if (isSkipped)
        {
            await session.StoredAsync(cancellationToken);
            Screen.Say(
                "Not waited: a node that is killed within the next seconds may lose what it acknowledged last, unless another replica has "
                + "it.");
            return;
        }

        Screen.Say("Waiting until no node can lose them any more (two periods of its commit log; --no-wait skips this)…");
        await session.SettleAsync(cancellationToken);
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
        Format = parsed.GetValue(_format) is { } format ? LogFormats.Find(format) : null,
        Zone = parsed.GetValue(_zone) is { } zone ? ZoneName.Read(zone) : Screen.Zone,
        IsZoneGiven = parsed.GetValue(_zone) is not null,
        Year = parsed.GetValue(_year) is not { } year ? null : year is >= 1970 and <= 9999 ? year
            : throw new CommandException($"{year} is no year of a log.", "From 1970 to 9999.", ExitCode.WrongUsage),
        LogLinePrefix = parsed.GetValue(_prefix),
    };
}
