using System.CommandLine;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora search</c>: finds records, counts them.</summary>
internal sealed class SearchCommand : CliCommand
{
    private readonly QueryArgument _query = new();
    private readonly RangeOptions _range = new();
    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();
    private readonly Option<int?> _limit = new("--limit")
    {
        Description = "At most N rows, the newest; 1,000 unless given.",
        HelpName = "N",
    };

    private readonly Option<bool> _all = new("--all") { Description = "All rows, page after page." };
    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "Say on standard error what the store did: files, rows read, time per step.",
    };

    public SearchCommand(Screen screen)
        : base(
            "search",
            "Find records, newest first, or count them. Text is searched in messages and tracebacks.",
            screen,
            new Example("search 'level>=ERROR connection' --last 24h", "errors that say connection"),
            new Example("search 'source:shop request_id:8f3a*' --from today", "one request, from local midnight"),
            new Example("search 'level:ERROR | count by source, time(1h)' --last 7d", "how many, where and when"),
            new Example("search 'status>=500 | fields time, path, duration_ms' --format csv", "columns for a spreadsheet"),
            new Example("search --all --format json > day.ndjson", "everything of the last 24 hours"))
    {
        _query.AddTo(this);
        _range.AddTo(this);
        Add(_limit);
        Add(_all);
        Add(_explain);
        _format.AddTo(this);
        _target.AddTo(this);
        AtLeastOne.Require(_limit);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var search = new Search(Screen, _query.Read(parsed), _range.Read(parsed, Screen), _format.Read(parsed))
        {
            Limit = LimitOf(parsed),
            Explain = parsed.GetValue(_explain),
        };
        var target = await _target.ReadAsync(parsed, Screen, cancellationToken);
        search.Check();
        await using var session = await new TargetResolver(Screen).OpenAsync(target, create: false, cancellationToken);
        return await search.RunAsync(session.Client, cancellationToken);
    }

    private long? LimitOf(ParseResult parsed)
    {
        if (!parsed.GetValue(_all))
        {
            return parsed.GetValue(_limit);
        }

        return parsed.GetValue(_limit) is null
            ? long.MaxValue
            : throw new CommandException("--all and --limit exclude each other.", "Give one of them.", ExitCode.WrongUsage);
    }
}
