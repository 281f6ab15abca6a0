using System.CommandLine;
using Bitacora.Alerting;
using Bitacora.Cli.Doctor;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Client;
using Bitacora.Cql;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora doctor</c>: what is wrong, and what to do about it.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly Option<string?> _config = new("--config")
    {
        Description =
            "The server's configuration file; bitacora.json in the working directory unless given. Named, its receivers are tried, "
            + "also where a server runs. Not with --server.",
        HelpName = "FILE",
    };

    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public DoctorCommand(Screen screen)
        : base(
            "doctor",
            "Look for what is wrong, and say what to do. The configuration; the server; what is stored, on disk or in the cluster; who "
                + "sends and loses records; whether alerts are judged, their receivers can be reached and none waits. Changes nothing and "
                + "tells nobody. Ends with 1 when something is wrong, with 0 when all is well or there are warnings only.",
            screen,
            new Example("doctor", "the local server or directory, and the configuration here"),
            new Example("doctor --contact-points db1,db2 --config /etc/bitacora.json", "a cluster"),
            new Example("doctor --format json | jq 'select(.state == \"fail\")'", "for programs"))
    {
        Add(_config);
        _format.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        var file = parsed.GetValue(_config);
        var configuration = ConfigurationOptions.Default(Screen, file);
        var target = (await _target.ReadAsync(parsed, Screen, cancellationToken)).OrOf(file is null ? null : configuration.Options);
        var findings = new List<Finding>();
        if (target.Server is null)
        {
            findings.AddRange(ConfigurationFindings(configuration));
        }

        var isServersWord = target.Server is not null;
        findings.AddRange(await TryAsync(
            "server",
            async () =>
            {
                await using var session = await new TargetResolver(Screen, configuration.Options)
                    .OpenAsync(target, create: false, cancellationToken);

                // A server that runs knows its rules and channels; a file that merely lies here may be another's.
                isServersWord |= file is null && !session.IsOwn;
                return await new ServerExamination(session, Screen).ExamineAsync(isServersWord, cancellationToken);
            },
            cancellationToken));
        if (configuration.Faults.Count == 0 && target.Server is null)
        {
            findings.AddRange(await TryAsync(
                "alerts", () => AlertsAsync(configuration.Options, target, isServersWord, cancellationToken), cancellationToken));
        }

        new DoctorReport(Screen).Write(findings, format);
        var bad = findings.Count(finding => finding.State == FindingState.Bad);
        var warnings = findings.Count(finding => finding.State == FindingState.Warning);
        Screen.Say($"{Numbers.Count(bad, "problem")}, {Numbers.Count(warnings, "warning")}.");
        return bad > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static IEnumerable<Finding> ConfigurationFindings(ServerConfiguration configuration) =>
        configuration.Faults.Count == 0
            ? [new Finding("configuration", FindingState.Good, "has no faults")]
            : configuration.Faults.Select(fault => new Finding(
                "configuration", FindingState.Bad, fault.ToString(), "All settings and what is allowed: bitacora config check."));

    private async Task<IReadOnlyList<Finding>> AlertsAsync(
        ServerOptions options, TargetChoice target, bool isServersWord, CancellationToken cancellationToken)
    {
        var (cluster, data) = (target.ClusterBy(options), Path.GetFullPath(target.Data ?? options.Data));
        if (isServersWord && cluster is null && ServerFile.Find(data) is null)
        {
            // The server at the usual address has another directory, and with it other silences.
            return [];
        }

        await using var state = cluster is not null
            ? await StateSession.OpenAsync(cluster, Screen.Clock, cancellationToken)
            : StateSession.OpenOrEmpty(data, Screen.Clock);
        return isServersWord
            ? await AlertFindings.SilencesAsync(state.Store, Screen, cancellationToken)
            : await new AlertExamination(options.Alerts ?? AlertSettings.Default, state.Store, Screen).ExamineAsync(cancellationToken);
    }

    /// <summary>What cannot be looked at is a finding too, and keeps nothing else from being looked at.</summary>
    private static async Task<IReadOnlyList<Finding>> TryAsync(
        string subject, Func<Task<IReadOnlyList<Finding>>> examine, CancellationToken cancellationToken)
    {
        try
        {
            return await examine();
        }
        catch (CommandException e)
        {
            return [new Finding(subject, FindingState.Bad, e.Message, e.Advice)];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is BitacoraClientException or CqlException or IOException or UnauthorizedAccessException)
        {
            return [new Finding(subject, FindingState.Bad, e.Message, AdviceOn(e))];
        }
    }
}
