using System.Text.Json.Nodes;

namespace Bitacora.EndToEnd.Processes;

/// <summary>Reads back what a server holds, page by page.</summary>
internal static class Stored
{
    /// <summary>Every row of a search, following cursors.</summary>
    public static async Task<List<JsonObject>> RowsAsync(HttpClient http, string query, string last = "2d")
    {
        var rows = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var next = cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor);
            var path = $"/api/search?q={Uri.EscapeDataString(query)}&last={last}&limit=10000{next}";
            var text = await http.GetStringAsync(new Uri(path, UriKind.Relative));
            JsonObject? end = null;
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var row = JsonNode.Parse(line)!.AsObject();
                if (row["answer"] is JsonObject answer)
                {
                    end = answer;
                }
                else
                {
                    rows.Add(row);
                }
            }

            end.ShouldNotBeNull("an answer without its end");
            ((bool)end["complete"]!).ShouldBeTrue(end.ToJsonString());
            cursor = (string?)end["cursor"];
        }
        while (cursor is not null);

        return rows;
    }

    /// <summary>Every value of the attribute <c>uid</c>, with repeats.</summary>
    public static async Task<List<string>> IdsAsync(HttpClient http, string query = "source:load") =>
        [.. (await RowsAsync(http, query)).Select(row => (string)row["attributes"]!["uid"]!)];

    /// <summary>Completes when nothing is on its way to the store any more.</summary>
    public static async Task SettledAsync(HttpClient http)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        JsonObject stats;
        do
        {
            await look.WaitForNextTickAsync(patience.Token);
            stats = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/stats", UriKind.Relative)))!.AsObject();
        }
        while (!IsSettled(stats));
    }

    /// <summary>How many records are in files.</summary>
    public static async Task<long> SealedAsync(HttpClient http)
    {
        var stats = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/stats", UriKind.Relative)))!.AsObject();
        return (long)stats["store"]!["records"]! - (long)stats["store"]!["unsealed_records"]!;
    }

    private static bool IsSettled(JsonObject stats) => (long)stats["store"]!["unsealed_records"]! == 0
        && (long)stats["records"]!["pending"]! == 0 && (long)stats["recovered"]!["pending"]! == 0;

    /// <summary>Acknowledged ⊆ stored ⊆ sent, and nothing twice.</summary>
    public static async Task ShouldHoldAsync(HttpClient http, Load load)
    {
        var stored = await IdsAsync(http);
        var distinct = stored.ToHashSet();
        stored.Count.ShouldBe(distinct.Count, "records that are stored twice");
        load.Acknowledged.Keys.Where(id => !distinct.Contains(id)).Take(5).ShouldBeEmpty("acknowledged and lost");
        distinct.Where(id => !load.Sent.ContainsKey(id)).Take(5).ShouldBeEmpty("never sent");
    }
}
