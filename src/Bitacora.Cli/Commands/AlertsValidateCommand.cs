using System.CommandLine;
using System.Text.Json;
using Bitacora.Alerting;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts validate</c>: every fault of the rules and channels.</summary>
internal sealed class AlertsValidateCommand : CliCommand
{
    private static readonly string[] _columns = ["key", "problem", "source"];

    private readonly FormatOption _format = new();
    private readonly AlertOptions _alerts = new();

    public AlertsValidateCommand(Screen screen)
        : base(
            "validate", "Check rules and channels. Names every fault with its line and what is allowed.", screen,
            new Example("alerts validate", "of bitacora.json here"),
            new Example("alerts validate --config /etc/bitacora.json", "of another file"),
            new Example("alerts validate --format json", "an object a fault, for programs"))
    {
        _format.AddTo(this);
        _alerts.AddTo(this);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var configuration = _alerts.Load(parsed, Screen);
        if (!RowOutput.TryWrite(Screen, _format.Read(parsed), _columns, configuration.Faults.Select(Json)))
        {
            ConfigurationFaults.Refuse(configuration);
        }

        if (configuration.Faults.Count > 0)
        {
            return Task.FromResult(ExitCode.WrongUsage);
        }

        var settings = configuration.Options.Alerts ?? AlertSettings.Default;
        Screen.Say(
            $"{Numbers.Count(settings.Rules.Count, "rule")} and {Numbers.Count(settings.Channels.Count, "channel")}, nothing is at fault.");
        return Task.FromResult(ExitCode.Done);
    }

    private static byte[] Json(ConfigurationFault fault) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        key = fault.Key,
        problem = fault.Problem,
        source = fault.Source,
    });
}
