using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Client;

namespace Bitacora.Cli.Crashing;

/// <summary>Starts, loads, kills, starts again and compares, as often as planned.</summary>
internal sealed class CrashBench(Screen screen, CrashPlan plan)
{
    private readonly List<Acknowledged> _rounds = [];

    /// <summary>Runs the plan and returns the last comparison of everything.</summary>
    public async Task<CrashCount> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(plan.Directory);
        var random = new Random(plan.Seed);
        var senders = Enumerable.Range(0, plan.Connections).Select(number => new CrashSender(number, plan, screen.Clock)).ToArray();
        Say("kill", "after", "acknowledged", "stored", "lost", "twice", "started in");
        var server = await ServerProcess.StartAsync(plan.Data, plan.ServerLog, cancellationToken);
        try
        {
            for (var kill = 1; kill <= plan.Kills && screen.Clock.GetUtcNow() < plan.Until; kill++)
            {
                var loaded = plan.Shortest + ((plan.Longest - plan.Shortest) * random.NextDouble());
                var acknowledged = await LoadAsync(server, senders, kill, loaded, cancellationToken);
                await server.DisposeAsync();
                _rounds.Add(acknowledged);

                var began = screen.Clock.GetTimestamp();
                server = await ServerProcess.StartAsync(plan.Data, plan.ServerLog, cancellationToken);
                var started = screen.Clock.GetElapsedTime(began);
                foreach (var sender in senders)
                {
                    await sender.FinishAsync(server.Address, acknowledged, cancellationToken);
                }

                var count = await CompareAsync(server, kill, cancellationToken);
                Say(
                    Numbers.Count(kill), Numbers.Duration(loaded), Numbers.Count(count.Acknowledged), Numbers.Count(count.Stored),
                    Numbers.Count(count.Lost), Numbers.Count(count.Twice), Numbers.Duration(started));
            }

            // All of it once more: what a later kill damaged would have been missed.
            var total = default(CrashCount);
            for (var kill = 1; kill <= _rounds.Count; kill++)
            {
                total += await CompareAsync(server, kill, cancellationToken);
            }

            Say(
                "total", "", Numbers.Count(total.Acknowledged), Numbers.Count(total.Stored), Numbers.Count(total.Lost),
                Numbers.Count(total.Twice), "");
            return total;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task<Acknowledged> LoadAsync(
        ServerProcess server, CrashSender[] senders, int kill, TimeSpan loaded, CancellationToken cancellationToken)
    {
        var acknowledged = new Acknowledged();
        var numbers = new RecordNumbers(plan.RecordsPerKill);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = Task.WhenAll(
            senders.Select(sender => Task.Run(
                () => sender.SendAsync(server.Address, kill, numbers, acknowledged, ends.Token), cancellationToken)));
        await Task.Delay(loaded, screen.Clock, cancellationToken);
        await server.KillAsync();
        await ends.CancelAsync();
        await sending;
        return acknowledged;
    }

    private async Task<CrashCount> CompareAsync(ServerProcess server, int kill, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, int>();
        using var client = new BitacoraClient(server.Address);
        string? cursor = null;
        do
        {
            var request = new SearchRequest
            {
                Query = string.Create(CultureInfo.InvariantCulture, $"source:{CrashSender.Source} kill={kill} | fields n"),
                Last = "365d",
                Limit = 10_000,
                Cursor = cursor,
            };
            cursor = null;
            await foreach (var part in client.SearchAsync(request, cancellationToken))
            {
                if (part is SearchRow row)
                {
                    using var json = JsonDocument.Parse(row.Json);
                    var number = json.RootElement.GetProperty("n").GetInt32();
                    found[number] = found.GetValueOrDefault(number) + 1;
                }
                else if (part is SearchEnd end)
                {
                    cursor = end.Complete
                        ? end.Cursor
                        : throw new CommandException($"The comparison is not complete: {string.Join("; ", end.Reasons)}");
                }
            }
        }
        while (cursor is not null);
        return _rounds[kill - 1].Compare(found);
    }

    private void Say(params ReadOnlySpan<string> cells)
    {
        ReadOnlySpan<int> widths = [6, 9, 14, 12, 8, 8, 12];
        var line = "";
        for (var i = 0; i < cells.Length; i++)
        {
            line += cells[i].PadLeft(widths[i]);
        }

        screen.Out.WriteLine(line);
        screen.Out.Flush();
    }
}
