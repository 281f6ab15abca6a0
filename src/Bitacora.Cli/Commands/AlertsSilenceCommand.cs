using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts silence RULE</c>: nobody is told for a while.</summary>
internal sealed class AlertsSilenceCommand : CliCommand
{
    private readonly Argument<string> _rule = new("RULE") { Description = "The rule, or '*' for all." };

    private readonly Option<string> _length = new("--for")
    {
        Description = "How long: 30m, 2h, 1d, up to 365d.",
        HelpName = "DURATION",
        Required = true,
    };

    private readonly Option<string> _why = new("--why") { Description = "The reason.", HelpName = "TEXT", Required = true };

    private readonly Option<string?> _by = new("--by") { Description = "Who; the user of this machine unless given.", HelpName = "NAME" };

    private readonly AlertStateOptions _alerts = new();

    public AlertsSilenceCommand(Screen screen)
        : base(
            "silence", "Tell nobody that a rule fires, for a while. It is judged all the same; what still fires then is told.", screen,
            new Example("alerts silence errors --for 2h --why 'deploy of shop 4.2'", "one rule"),
            new Example("alerts silence '*' --for 30m --why maintenance", "all"))
    {
        Add(_rule);
        Add(_length);
        Add(_why);
        Add(_by);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var rule = parsed.GetValue(_rule)!;
        ServerOptions? here = null;
        if (rule != Silence.All)
        {
            here = _alerts.ReadServer(parsed, Screen);
            AlertOptions.RequireRule(here.Alerts ?? AlertSettings.Default, rule);
        }

        if (!AlertSettings.TryReadDuration(parsed.GetValue(_length)!, out var length)
            || length <= TimeSpan.Zero || length > TimeSpan.FromDays(365))
        {
            throw new CommandException(
                $"'{parsed.GetValue(_length)}' is no duration.", "Write whole minutes, hours or days, as 30m, 2h, 1d.",
                ExitCode.WrongUsage);
        }

        var (by, why) = (parsed.GetValue(_by) ?? Environment.UserName, parsed.GetValue(_why)!);
        if (new[] { by, why }.Any(text => string.IsNullOrWhiteSpace(text) || text.Length > Silences.Most))
        {
            throw new CommandException($"--by and --why take 1 to {Silences.Most} characters.", null, ExitCode.WrongUsage);
        }

        await using var state = await _alerts.OpenAsync(parsed, StateUse.Write, Screen, cancellationToken, here);
        var made = await new Silences(state.Store, Screen.Clock)
            .AddAsync(rule, by, why, Screen.Clock.GetUtcNow() + length, cancellationToken);
        Screen.Say($"'{rule}' is silenced until {LocalTime.Short(made.Until, Screen.Zone)}.");
        return ExitCode.Done;
    }
}
