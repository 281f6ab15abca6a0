using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Showing;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Cli.Doctor;

/// <summary>
/// Looks why alerts do not arrive: are there rules and channels, are rules judged, can each receiver be reached, does something wait.
/// </summary>
/// <param name="settings">The rules and channels of the configuration.</param>
/// <param name="states">What is remembered of rules.</param>
/// <param name="screen">The clock and the zone.</param>
internal sealed class AlertExamination(AlertSettings settings, IStateStore states, Screen screen)
{
    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken)
    {
        using var engine = new AlertEngine(settings, NoRecords.QueryAsync, states, TextWriter.Null, screen.Clock, Random.Shared);
        var health = await engine.HealthAsync(cancellationToken);
        var findings = new List<Finding>
        {
            AlertFindings.Evaluation(
                health.Rules, health.LastMinute is { } last ? RecordTime.ToDateTimeOffset(last) : null, health.Firing, screen),
        };
        if (health.Channels == 0)
        {
            findings.Add(AlertFindings.Channels(0));
        }

        foreach (var channel in settings.Channels)
        {
            findings.Add(await ChannelAsync(engine, channel.Name, cancellationToken));
        }

        findings.Add(AlertFindings.Outbox(health.Waiting, health.GivenUp));
        findings.AddRange(health.Problems.Select(problem => new Finding(
            "alerts", FindingState.Bad, $"{problem.Subject}: {problem.Text}", "What was told: bitacora alerts history.")));
        findings.AddRange(await AlertFindings.SilencesAsync(states, screen, cancellationToken));
        return findings;
    }

    private static async Task<Finding> ChannelAsync(AlertEngine engine, string name, CancellationToken cancellationToken)
    {
        var subject = $"alert channel {name}";
        try
        {
            return new Finding(subject, FindingState.Good, await engine.ReachAsync(name, cancellationToken));
        }
        catch (AlertDeliveryException e)
        {
            return new Finding(subject, FindingState.Bad, e.Message, $"Then try: bitacora alerts test RULE --channel {name}.");
        }
    }
}
