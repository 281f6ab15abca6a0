using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts unsilence RULE</c>: ends a silence.</summary>
internal sealed class AlertsUnsilenceCommand : CliCommand
{
    private readonly Argument<string> _rule = new("RULE") { Description = "The rule, or '*' as it was silenced." };
    private readonly AlertStateOptions _alerts = new();

    public AlertsUnsilenceCommand(Screen screen)
        : base("unsilence", "End a silence. What fires is told at once.", screen, new Example("alerts unsilence errors", "one rule"))
    {
        Add(_rule);
        _alerts.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var rule = parsed.GetValue(_rule)!;
        await using var state = await _alerts.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken);
        if (!await new Silences(state.Store, Screen.Clock).RemoveAsync(rule, cancellationToken))
        {
            throw new CommandException($"'{rule}' is not silenced.", "`bitacora alerts list` shows what is.");
        }

        Screen.Say($"'{rule}' is silenced no more.");
        return ExitCode.Done;
    }
}
