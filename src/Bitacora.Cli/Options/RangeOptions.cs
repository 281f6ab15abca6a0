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

    private readonly Option<string?> _zone = new("--tz")
    {
        Description =
            "The time zone of times without an offset, of days, of what is shown: Europe/Madrid, +02:00. The terminal's unless given.",
        HelpName = "ZONE",
    };

    public RangeOptions()
    {
        _last.CompletionSources.Add("15m", "1h", "24h", "7d", "30d");
        _from.CompletionSources.Add("today", "yesterday", "-1h", "-24h");
        _to.CompletionSources.Add("now", "today", "yesterday");
        _zone.CompletionSources.Add("UTC", "Europe/Madrid");
    }

    public void AddTo(Command command)
    {
        command.Add(_last);
        command.Add(_from);
        command.Add(_to);
        command.Add(_zone);
    }

    /// <exception cref="CommandException">The zone is not known, or <c>--last</c> comes with another end.</exception>
    public RangeChoice Read(ParseResult parsed, Screen screen)
    {
        var range = new RangeChoice(
            parsed.GetValue(_last), parsed.GetValue(_from), parsed.GetValue(_to), ZoneOf(parsed.GetValue(_zone), screen));
        return range.Last is null || (range.From is null && range.To is null)
            ? range
            : throw new CommandException("--last ends now; it excludes --from and --to.", "Give one or the other.", ExitCode.WrongUsage);
    }

    private static TimeZoneInfo ZoneOf(string? id, Screen screen)
    {
        if (id is null)
        {
            // A zone without a name, made from a rule in TZ, means nothing to a server.
            return screen.Zone.HasIanaId || screen.Zone.BaseUtcOffset == TimeSpan.Zero ? Named(screen.Zone) : TimeZoneInfo.Utc;
        }

        return ZoneName.Read(id);
    }

    private static TimeZoneInfo Named(TimeZoneInfo zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone.Id, out var named) ? named : TimeZoneInfo.Utc;
}
