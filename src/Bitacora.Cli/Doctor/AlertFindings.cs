using Bitacora.Alerting;
using Bitacora.Cli.Showing;
using Bitacora.Storage;

namespace Bitacora.Cli.Doctor;

/// <summary>What is found of alerts, whoever was asked.</summary>
internal static class AlertFindings
{
    /// <summary>A minute is judged 15 s after its end; whoever is behind by so much is not judging.</summary>
    private static readonly TimeSpan MostLag = TimeSpan.FromMinutes(3);

    public static Finding Evaluation(int rules, DateTimeOffset? until, int firing, Screen screen)
    {
        const string Subject = "alert evaluation";
        const string Advice = "bitacora serve judges them each minute; where none runs, cron must: bitacora alerts check.";
        if (rules == 0)
        {
            return new Finding(Subject, FindingState.Warning, "there is no rule", "\"defaults\": true in bitacora.json brings three.");
        }

        if (until is not { } last)
        {
            return new Finding(Subject, FindingState.Warning, "not every rule was ever judged", Advice);
        }

        var age = screen.Clock.GetUtcNow() - last;
        var text = $"{Numbers.Count(rules, "rule")}, judged until {LocalTime.Short(last, screen.Zone)}, {Numbers.Count(firing)} firing";
        return age > MostLag
            ? new Finding(Subject, FindingState.Bad, $"{text}: {Numbers.Duration(age)} behind", Advice)
            : new Finding(Subject, FindingState.Good, text);
    }

    public static Finding Channels(int channels) => channels == 0
        ? new Finding(
            "alert channels", FindingState.Warning, "there is none: alerts stand in the server's messages only, nobody is told",
            "Add one to bitacora.json: docs/alerting.md.")
        : new Finding("alert channels", FindingState.Good, Numbers.Count(channels, "channel"));

    /// <summary>Who is not told of what, a warning a silence.</summary>
    public static async Task<IReadOnlyList<Finding>> SilencesAsync(
        IStateStore states, Screen screen, CancellationToken cancellationToken) =>
        [.. (await new Silences(states, screen.Clock).ListAsync(cancellationToken)).Select(silence => new Finding(
            "alerts", FindingState.Warning,
            $"{(silence.Rule == Silence.All ? "every rule" : silence.Rule)} is silenced until "
                + $"{LocalTime.Short(silence.Until, screen.Zone)} by {silence.By}: {silence.Why}",
            $"To hear of it: bitacora alerts unsilence {(silence.Rule == Silence.All ? $"'{silence.Rule}'" : silence.Rule)}"))];

    public static Finding Outbox(int waiting, long givenUp)
    {
        const string Subject = "alert outbox";
        return (waiting, givenUp) switch
        {
            (_, > 0) => new Finding(
                Subject, FindingState.Bad, $"{Numbers.Count(givenUp, "message was", "messages were")} given up after three days",
                "What they said: bitacora alerts history."),
            ( > 0, _) => new Finding(
                Subject, FindingState.Bad, $"{Numbers.Count(waiting, "message waits", "messages wait")} to be delivered",
                "A running server tries again by itself; bitacora alerts check does it once."),
            _ => new Finding(Subject, FindingState.Good, "empty"),
        };
    }
}
