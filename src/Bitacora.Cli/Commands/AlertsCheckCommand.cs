using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Client;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts check</c>: judges all rules once and sends what they raise, for cron.</summary>
internal sealed class AlertsCheckCommand : CliCommand
{
    private readonly Option<string?> _slack = new("--slack-webhook")
    {
        Description = "Tell this Slack webhook too. Others of this machine can read arguments: better url_env in the configuration.",
        HelpName = "URL",
    };

    private readonly Option<string?> _log = new("--alert-log")
    {
        Description = "Write a line for each alert to this file too.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _stateDirectory = new("--state")
    {
        Description = "With --server: the directory in which this machine remembers what it has told.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _beside = new("--beside")
    {
        Description = "Judge though the server judges rules itself and tells channels: what both have is told twice.",
    };

    private readonly AlertOptions _alerts = new();
    private readonly TargetOptions _target = new();

    public AlertsCheckCommand(Screen screen)
        : base(
            "check",
            "Judge all rules once and tell whom the configuration names: for cron, where no server does it. "
                + "Exit 0: quiet; 4: a rule fired; 1: a rule could not be judged or a message not be delivered.",
            screen,
            new Example("alerts check", "the local data, the rules of bitacora.json or the defaults"),
            new Example("alerts check --contact-points db1,db2 --alert-log /var/log/alerts.log", "a cluster"))
    {
        Add(_slack);
        Add(_log);
        Add(_stateDirectory);
        Add(_beside);
        _alerts.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var here = _alerts.ReadServer(parsed, Screen);
        var settings = WithChannels(here.Alerts ?? AlertSettings.Default, parsed.GetValue(_slack), parsed.GetValue(_log));
        var choice = (await _target.ReadAsync(parsed, Screen, cancellationToken)).OrOf(_alerts.IsGiven(parsed) ? here : null);
        await using var session = await new TargetResolver(Screen, here).OpenAsync(choice, create: false, cancellationToken);
        await using var state = await OpenStateAsync(choice, here, parsed.GetValue(_stateDirectory), cancellationToken);
        using var engine = new AlertEngine(
            AlertOptions.WithLink(settings, session, here), new SessionRecords(session.Client).QueryAsync, state.Store, Screen.Out,
            Screen.Clock, Random.Shared);
        if (!await engine.TryLeadAsync(cancellationToken))
        {
            Screen.Say("Another process judges these rules now: a server, or a check that has not ended.");
            return ExitCode.Done;
        }

        try
        {
            if (!session.IsOwn && !parsed.GetValue(_beside))
            {
                await RefuseBesideAsync(session.Client, cancellationToken);
            }

            return await CheckAsync(engine, cancellationToken);
        }
        finally
        {
            await engine.ResignAsync(CancellationToken.None);
        }
    }

    // A lease keeps apart only those who share a state store; a server that is asked over the network has its own.
    private static async Task RefuseBesideAsync(BitacoraClient client, CancellationToken cancellationToken)
    {
        if (await ServerDuty.ReadAsync(client, cancellationToken) is { Rules: > 0, Channels: > 0 } duty)
        {
            throw new CommandException(
                $"The server at {client.Server} judges {Numbers.Count(duty.Rules, "rule")} itself and tells "
                    + $"{Numbers.Count(duty.Channels, "channel")}.",
                "Put the rules into its configuration; or give --beside: then what both have is told twice.");
        }
    }

    private async Task<int> CheckAsync(AlertEngine engine, CancellationToken cancellationToken)
    {
        var report = await engine.EvaluateAsync(cancellationToken);
        foreach (var notification in report.Raised)
        {
            Screen.Out.WriteLine(engine.Describe(notification));
        }

        // A slow channel gets a part a round, so that a server judges meanwhile; here nothing waits for it.
        var problems = report.Problems.ToList();
        DeliveryReport delivery;
        do
        {
            delivery = await engine.DeliverAsync(cancellationToken);
            problems.AddRange(delivery.Problems);
        }
        while (delivery.Delivered > 0);

        foreach (var problem in problems)
        {
            Screen.Complain($"{problem.Subject}: {SafeText.Escape(problem.Text)}", null);
        }

        var hasFired = report.Raised.Any(raised => raised.Kind is AlertKind.Fired or AlertKind.Late or AlertKind.Repeated);
        return problems.Count > 0 ? ExitCode.Failed : hasFired ? ExitCode.Fired : ExitCode.Done;
    }

    // A rule that names its channels is told on these too: who types them wants to hear of it.
    private static AlertSettings WithChannels(AlertSettings settings, string? slack, string? log)
    {
        ChannelSettings[] added =
        [
            .. slack is null ? Array.Empty<ChannelSettings>() : [new SlackSettings("--slack-webhook", SecretSource.Given(slack))],
            .. log is null ? Array.Empty<ChannelSettings>() : [new FileSettings("--alert-log", Path.GetFullPath(log))],
        ];
        return settings with
        {
            Channels = [.. settings.Channels, .. added],
            Rules =
            [
                .. settings.Rules.Select(rule => rule.Channels.Count == 0
                    ? rule
                    : rule with { Channels = [.. rule.Channels, .. added.Select(channel => channel.Name)] }),
            ],
        };
    }

    private async Task<StateSession> OpenStateAsync(
        TargetChoice choice, ServerOptions here, string? directory, CancellationToken cancellationToken)
    {
        if (directory is not null && choice.Server is null)
        {
            throw new CommandException(
                "--state goes with --server only.", "Elsewhere the state is where the records are.", ExitCode.WrongUsage);
        }

        if (choice.ClusterBy(here) is { } cluster)
        {
            return await StateSession.OpenAsync(cluster, Screen.Clock, cancellationToken);
        }

        var place = choice.Server is not null
            ? directory ?? Path.Combine(ServerOptions.DefaultData, "alerts")
            : choice.Data ?? here.Data;
        return StateSession.Open(Path.GetFullPath(place), StateUse.Prepare, Screen.Clock);
    }
}
