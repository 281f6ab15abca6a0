using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Options;

/// <summary>The range of time beside a query.</summary>
internal sealed class RangeOptions
{
    private readonly Option<string?> _last = new("--last")
    {
        Description = "A range that ends now: 15m, 24h, 7d. The last 24 hours unless a range is given.",
        HelpName = "DURATION",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "The begin: 2024-05-01, 2024-05-01T14:30, -2h, today, yesterday.",
        HelpName = "TIME",
    };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "The end, itself outside of the range; written as --from is.",
        HelpName = "TIME",
    };

    private readonly ZoneOption _zone = new();

    public RangeOptions()
    {
        _last.CompletionSources.Add("15m", "1h", "24h", "7d", "30d");
        _from.CompletionSources.Add("today", "yesterday", "-1h", "-24h");
        _to.CompletionSources.Add("now", "today", "yesterday");
    }

    public void AddTo(Command command)
    {
        command.Add(_last);
        command.Add(_from);
        command.Add(_to);
        _zone.AddTo(command);
    }

    /// <exception cref="CommandException">The zone is not known, or <c>--last</c> comes with another end.</exception>
    public RangeChoice Read(ParseResult parsed, Screen screen)
    {
        var range = new RangeChoice(
            parsed.GetValue(_last), parsed.GetValue(_from), parsed.GetValue(_to), _zone.Read(parsed, screen));
        return range.Last is null || (range.From is null && range.To is null)
            ? range
            : throw new CommandException("--last ends now; it excludes --from and --to.", "Give one or the other.", ExitCode.WrongUsage);
    }
}
