using System.Text.Json;
using Bitacora.Client;

namespace Bitacora.Cli.Alerting;

/// <summary>What a server does about alerts by itself.</summary>
/// <param name="Rules">How many rules it judges.</param>
/// <param name="Channels">How many channels it tells.</param>
internal sealed record ServerDuty(int Rules, int Channels)
{
    /// <summary>Asks a server; null where it judges nothing, or does not say so to whoever has our key.</summary>
    public static async Task<ServerDuty?> ReadAsync(BitacoraClient client, CancellationToken cancellationToken)
    {
        try
        {
            var stats = await client.GetJsonAsync("api/stats", cancellationToken);
            return stats.TryGetProperty("alerts", out var alerts) && Number(alerts, "rules") is { } rules
                && Number(alerts, "channels") is { } channels
                ? new ServerDuty(rules, channels)
                : null;
        }
        catch (BitacoraClientException)
        {
            // Records are asked for next: what is wrong with the server is said there.
            return null;
        }
    }

    private static int? Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;
}
