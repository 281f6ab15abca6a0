using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Storing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Doctor;

/// <summary>Looks at a server, at what it has stored, and at who sends to it.</summary>
internal sealed class ServerExamination(Session session, Screen screen)
{
    /// <summary>Times that differ by more confuse whoever reads logs of both machines.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(10);

    /// <summary>A store in use gets something sooner.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromHours(1);

    private const long LeastFree = 1L << 30;

    /// <param name="isAskedForAlerts">Whether the server's word on alerts is all that there is of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(bool isAskedForAlerts, CancellationToken cancellationToken)
    {
        var asked = screen.Clock.GetUtcNow();
        var stats = await session.Client.GetJsonAsync("api/stats?cluster=true", cancellationToken);
        var senders = await session.Client.GetJsonAsync("api/senders", cancellationToken);
        return
        [
            Server(stats, asked), .. Storage(stats), .. Senders(senders),
            .. isAskedForAlerts ? Alerts(stats.GetProperty("alerts")) : [],
        ];
    }

    private Finding Server(JsonElement stats, DateTimeOffset asked)
    {
        var server = stats.GetProperty("server");
        if (session.IsOwn)
        {
            return new Finding(
                "server", FindingState.Warning, "none runs; the data was opened directly", "Start one: bitacora serve.");
        }

        var text = $"{session.Client.Server.AbsoluteUri.TrimEnd('/')} answers; version {JsonText.Of(server, "version")}";
        if (!LocalTime.TryRead(JsonText.Of(server, "time"), out var time))
        {
            return new Finding("server", FindingState.Good, text);
        }

        var since = LocalTime.TryRead(JsonText.Of(server, "since"), out var begun) ? $", up {Numbers.Duration(time - begun)}" : "";
        var skew = (time - asked).Duration();
        return skew > MostSkew
            ? new Finding(
                "server", FindingState.Warning, $"{text}{since}; its clock and this one are {Numbers.Duration(skew)} apart",
                "Let both machines take their time from the network (NTP).")
            : new Finding("server", FindingState.Good, text + since);
    }

    private IEnumerable<Finding> Storage(JsonElement stats)
    {
        var store = stats.GetProperty("store");
        var problems = new StatusReport(screen, stats).Problems().ToList();
        if (JsonText.Of(stats.GetProperty("wal"), "problem") is { Length: > 0 } writing)
        {
            problems.Add(writing);
        }

        foreach (var problem in problems)
        {
            yield return new Finding("storage", FindingState.Bad, problem, "More: bitacora storage status.");
        }

        if (FreeSpace(JsonText.Of(store, "location")) is { } free && free < LeastFree)
        {
            yield return new Finding(
                "disk", FindingState.Bad, $"{Numbers.Size(free)} are left where the data is",
                "Make room, or keep records for less long: bitacora storage retention --help.");
        }

        if (problems.Count == 0)
        {
            yield return Records(store);
        }
    }

    private Finding Records(JsonElement store)
    {
        var count = store.TryGetProperty("records", out var records) ? records.GetInt64() : 0;
        if (!LocalTime.TryRead(JsonText.Of(store, "newest"), out var newest))
        {
            return new Finding(
                "storage", FindingState.Warning, "nothing is stored yet", "Send something: bitacora ingest FILE, or try bitacora demo.");
        }

        var age = screen.Clock.GetUtcNow() - newest;
        var text = $"{Numbers.Count(count, "record")}, the newest of {LocalTime.Short(newest, screen.Zone)}";
        return age > LongSilence
            ? new Finding(
                "storage", FindingState.Warning, $"{text}: nothing for {Numbers.Duration(age)}", "Who sent last: bitacora senders.")
            : new Finding("storage", FindingState.Good, text);
    }

    private IEnumerable<Finding> Senders(JsonElement answer)
    {
        var senders = answer.GetProperty("senders").EnumerateArray().ToList();
        foreach (var sender in senders)
        {
            var name = JsonText.Of(sender, "name") ?? JsonText.Of(sender, "address") ?? "somebody";
            switch (JsonText.Of(sender, "state"))
            {
                case "drops":
                    yield return new Finding(
                        "senders", FindingState.Bad, $"{name} drops records", "How many and why: bitacora senders.");
                    break;
                case "silent":
                    yield return new Finding("senders", FindingState.Warning, $"{name} fell silent", "Since when: bitacora senders.");
                    break;
            }
        }

        foreach (var refused in answer.GetProperty("refused").EnumerateArray())
        {
            // Whoever mistyped a key for a search has lost nothing; a server of an older version does not say what was wanted.
            if (JsonText.Of(refused, "wanted") is null or "ingest")
            {
                yield return Refused(refused);
            }
        }

        yield return new Finding("senders", FindingState.Good, $"{Numbers.Count(senders.Count, "sender")} since the server began");
    }

    /// <summary>A server remembers whom it refused until it ends: what is long over may have been mended.</summary>
    private Finding Refused(JsonElement caller)
    {
        const string Advice = "Give it a key that is known: docs/security.md.";
        var (address, reason) = (JsonText.Of(caller, "address"), JsonText.Of(caller, "reason"));
        return LocalTime.TryRead(JsonText.Of(caller, "last_seen"), out var last) && screen.Clock.GetUtcNow() - last > LongSilence
            ? new Finding(
                "senders", FindingState.Warning,
                $"{address} was refused ({reason}), the last time at {LocalTime.Short(last, screen.Zone)}", Advice)
            : new Finding(
                "senders", FindingState.Bad, $"{address} is refused ({reason}), and probably loses its records", Advice);
    }

    private IEnumerable<Finding> Alerts(JsonElement alerts)
    {
        foreach (var problem in alerts.GetProperty("problems").EnumerateArray())
        {
            yield return new Finding(
                "alerts", FindingState.Bad, problem.GetString() ?? "", "More: bitacora doctor on the server's machine.");
        }

        // A server says at once which rules it has, and what came of them behind its first round.
        if (alerts.TryGetProperty("firing", out var firing))
        {
            yield return AlertFindings.Evaluation(
                alerts.GetProperty("rules").GetInt32(),
                LocalTime.TryRead(JsonText.Of(alerts, "judged_until"), out var until) ? until : null,
                firing.GetInt32(), screen);
            yield return AlertFindings.Channels(alerts.GetProperty("channels").GetInt32());
            yield return AlertFindings.Outbox(alerts.GetProperty("waiting").GetInt32(), alerts.GetProperty("given_up").GetInt64());
        }
        else
        {
            yield return new Finding("alerts", FindingState.Warning, "not judged yet", "The first minute is judged 15 s after its end.");
        }
    }

    private static long? FreeSpace(string? location)
    {
        try
        {
            return location is not null && Directory.Exists(location) ? new DriveInfo(location).AvailableFreeSpace : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
