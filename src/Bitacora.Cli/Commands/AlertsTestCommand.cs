using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Storage;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts test RULE --channel C</c>: a message that says that it is a test.</summary>
internal sealed class AlertsTestCommand : CliCommand
{
    private readonly Argument<string> _rule = new("RULE") { Description = "The rule whose message is sent." };

    private readonly Option<string> _channel = new("--channel")
    {
        Description = "The channel, as the configuration names it.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly AlertOptions _alerts = new();

    public AlertsTestCommand(Screen screen)
        : base(
            "test", "Send a message that says that it is a test. So a channel is tried before it is needed.", screen,
            new Example("alerts test errors --channel team", "does it arrive?"))
    {
        Add(_rule);
        Add(_channel);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var here = _alerts.ReadServer(parsed, Screen);
        var settings = here.Alerts ?? AlertSettings.Default;
        var (rule, channel) = (parsed.GetValue(_rule)!, parsed.GetValue(_channel)!);
        AlertOptions.RequireRule(settings, rule);
        if (settings.Channels.All(one => one.Name != channel))
        {
            throw new CommandException(
                $"There is no channel '{channel}'.",
                settings.Channels.Count == 0
                    ? "The configuration has none; docs/alerting.md shows how they are written."
                    : $"There are: {string.Join(", ", settings.Channels.Select(one => one.Name))}.",
                ExitCode.WrongUsage);
        }

        // A test asks for no records and leaves no state.
        var states = new MemoryStateStore(Screen.Clock);
        using var engine = new AlertEngine(
            AlertOptions.WithLink(settings, session: null, here), NoRecords.QueryAsync, states, Screen.Out,
            Screen.Clock, Random.Shared);
        try
        {
            await engine.TestAsync(rule, channel, cancellationToken);
        }
        catch (AlertDeliveryException e)
        {
            throw new CommandException($"Channel '{channel}' has not taken it: {e.Message}");
        }

        Screen.Say($"Channel '{channel}' has taken it.");
        return ExitCode.Done;
    }
}
