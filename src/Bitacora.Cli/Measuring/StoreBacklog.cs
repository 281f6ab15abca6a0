using System.Text.Json;
using Bitacora.Client;

namespace Bitacora.Cli.Measuring;

/// <summary>What a server has acknowledged and its store does not have yet: on a cluster, records are there a moment later.</summary>
internal sealed class StoreBacklog(BitacoraClient client, TimeProvider clock)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the store has everything, whoever sent it.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The records that are still on the way; 0 when all are stored.</returns>
    public async Task<long> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var stats = await client.GetJsonAsync("api/stats", cancellationToken);
            var pending = PendingOf(stats, "records") + PendingOf(stats, "recovered");
            if (pending <= 0 || clock.GetElapsedTime(began) > patience)
            {
                return Math.Max(0, pending);
            }

            await Task.Delay(BetweenLooks, clock, cancellationToken);
        }
    }

    private static long PendingOf(JsonElement stats, string name) => stats.GetProperty(name).GetProperty("pending").GetInt64();
}
