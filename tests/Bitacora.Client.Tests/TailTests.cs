using System.Text;

namespace Bitacora.Client.Tests;

public sealed class TailTests
{
    private const string Events = "text/event-stream";

    private static readonly ClientOptions Quick = new() { LongestDelay = TimeSpan.FromTicks(1) };

    [Fact]
    public async Task Records_gaps_and_keep_alives_are_told_apart()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.StayAfter(
            ": open\n\n" + Event("1") + ": keep-alive\n\nevent: gap\ndata: {\"records\":17}\n\n" + Event("2"), Events));
        var parts = await TakeAsync(server, 3);
        parts.ShouldBe(["1", "gap 17", "2"]);
        server.Requests.ShouldBe(["GET /api/tail?q=source%3Ashop&tz=UTC"]);
    }

    [Fact]
    public async Task After_a_broken_connection_it_goes_on_and_shows_nothing_twice()
    {
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(200, Event("1") + Event("2"), Events),
            ScriptedServer.Answer(503, """{"code":"stopping","detail":"stopping"}"""),
            ScriptedServer.StayAfter(Event("2") + Event("3"), Events));
        var parts = await TakeAsync(server, 4);
        parts.ShouldBe(["1", "2", "gap 0", "3"]);
        server.Requests.Count.ShouldBe(3);
        server.Requests[2].ShouldStartWith("GET /api/tail?q=source%3Ashop&from=");
    }

    [Fact]
    public async Task A_query_that_is_refused_ends_it()
    {
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(400, """{"code":"query_syntax","detail":"error at 1"}"""));
        await Should.ThrowAsync<ServerRefusedException>(() => TakeAsync(server, 1));
    }

    [Fact]
    public async Task A_server_that_is_not_there_at_the_start_ends_it()
    {
        await using var gone = await ScriptedServer.StartAsync(static _ => Task.CompletedTask);
        var address = gone.Address;
        await gone.DisposeAsync();
        using var client = new BitacoraClient(address, Quick);
        await Should.ThrowAsync<ServerUnreachableException>(async () => await client.TailAsync("", null, null, default).FirstAsync());
    }

    [Fact]
    public async Task Who_gives_up_hears_that_and_nothing_of_the_connection()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.StayAfter(Event("1"), Events));
        using var client = new BitacoraClient(server.Address, Quick);
        using var end = new CancellationTokenSource();
        await using var parts = client.TailAsync("", null, null, end.Token).GetAsyncEnumerator(CancellationToken.None);
        (await parts.MoveNextAsync()).ShouldBeTrue();
        var next = parts.MoveNextAsync().AsTask();
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next);
    }

    private static string Event(string id) => $"event: record\ndata: {{\"id\":\"{id}\",\"time\":\"2024-05-01T00:00:00.0000000Z\"}}\n\n";

    private static async Task<List<string>> TakeAsync(ScriptedServer server, int count)
    {
        using var client = new BitacoraClient(server.Address, Quick);
        return await client.TailAsync("source:shop", null, "UTC", default).Take(count).Select(Text).ToListAsync();
    }

    private static string Text(SearchPart part) => part switch
    {
        SearchGap gap => $"gap {gap.Records}",
        SearchRow row => Encoding.UTF8.GetString(row.Json.Span).Split('"')[3],
        _ => part.ToString(),
    };
}
