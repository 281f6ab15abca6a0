using System.CommandLine;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Options;

/// <summary><c>--tz ZONE</c>, the terminal's unless given.</summary>
internal sealed class ZoneOption
{
    private readonly Option<string?> _zone = new("--tz")
    {
        Description =
            "The time zone of times without an offset, of days, of what is shown: Europe/Madrid, +02:00. The terminal's unless given.",
        HelpName = "ZONE",
    };

    public ZoneOption() => _zone.CompletionSources.Add("UTC", "Europe/Madrid");

    public void AddTo(Command command) => command.Add(_zone);

    /// <summary>A zone whose name a server can read.</summary>
    /// <exception cref="Commands.CommandException">What was given is no zone.</exception>
    public TimeZoneInfo Read(ParseResult parsed, Screen screen)
    {
        if (parsed.GetValue(_zone) is { } given)
        {
            return ZoneName.Read(given);
        }

        // A zone without a name, made from a rule in TZ, means nothing to a server.
        return screen.Zone.HasIanaId || screen.Zone.BaseUtcOffset == TimeSpan.Zero ? Named(screen.Zone) : TimeZoneInfo.Utc;
    }

    private static TimeZoneInfo Named(TimeZoneInfo zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone.Id, out var named) ? named : TimeZoneInfo.Utc;
}
