using System.CommandLine;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts validate</c>: every fault of the rules and channels.</summary>
internal sealed class AlertsValidateCommand : CliCommand
{
    private readonly AlertOptions _alerts = new();

    public AlertsValidateCommand(Screen screen)
        : base(
            "validate", "Check rules and channels. Names every fault with its line and what is allowed.", screen,
            new Example("alerts validate", "of bitacora.json here"),
            new Example("alerts validate --config /etc/bitacora.json", "of another file"))
    {
        _alerts.AddTo(this);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = _alerts.Read(parsed, Screen);
        Screen.Say(
            $"{Numbers.Count(settings.Rules.Count, "rule")} and {Numbers.Count(settings.Channels.Count, "channel")}, nothing is at fault.");
        return Task.FromResult(ExitCode.Done);
    }
}
