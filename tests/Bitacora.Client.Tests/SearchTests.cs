using System.Text;

namespace Bitacora.Client.Tests;

public sealed class SearchTests
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Rows_come_as_the_server_wrote_them_and_the_end_last()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, """
            {"id":"1","message":"a \"b\" ñ"}
            {"answer":"a column of that name","count":2}
            {"answer":{"complete":true,"cursor":"next","notes":["one",{"code":"x","text":"two","repair":"\"q\""}],"from":"F","to":"T"}}

            """, Lines));
        var parts = await ReadAsync(server, new SearchRequest { Query = "a b" });
        parts.OfType<SearchRow>().Select(row => Encoding.UTF8.GetString(row.Json.Span)).ShouldBe(
            ["""{"id":"1","message":"a \"b\" ñ"}""", """{"answer":"a column of that name","count":2}"""]);
        var end = parts[^1].ShouldBeOfType<SearchEnd>();
        end.Complete.ShouldBeTrue();
        end.Cursor.ShouldBe("next");
        end.Notes.ShouldBe(["one", "two; perhaps you mean: \"q\""]);
        (end.From, end.To).ShouldBe(("F", "T"));
    }

    [Fact]
    public async Task What_is_asked_is_escaped()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, """{"answer":{"complete":true}}""", Lines));
        await ReadAsync(server, new SearchRequest
        {
            Query = "a&b=c d+e | count",
            Last = "7d",
            TimeZone = "Europe/Madrid",
            Limit = 5,
            Cursor = "x/y=",
            Explain = true,
        });
        server.Requests.ShouldBe(
            ["GET /api/search?q=a%26b%3Dc%20d%2Be%20%7C%20count&last=7d&tz=Europe%2FMadrid&limit=5&cursor=x%2Fy%3D&explain=true"]);
    }

    [Fact]
    public async Task An_answer_without_its_end_is_a_broken_connection()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, "{\"id\":\"1\"}\n", Lines));
        var fault = await Should.ThrowAsync<ServerUnreachableException>(() => ReadAsync(server, new SearchRequest()));
        fault.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_carries_the_servers_words_and_code()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(
            400, """{"title":"Bad Request","code":"query_syntax","detail":"error at 12: unknown stage"}""", "application/problem+json"));
        var fault = await Should.ThrowAsync<ServerRefusedException>(() => ReadAsync(server, new SearchRequest()));
        (fault.Code, fault.Message, fault.IsTransient).ShouldBe(("query_syntax", "error at 12: unknown stage", false));
    }

    [Fact]
    public async Task Nobody_there_is_said_so()
    {
        await using var gone = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, ""));
        var address = gone.Address;
        await gone.DisposeAsync();
        using var client = new BitacoraClient(address);
        var fault = await Should.ThrowAsync<ServerUnreachableException>(async () => await client.GetJsonAsync("api/stats", default));
        fault.Message.ShouldContain("Nobody answers at");
        (await client.IsAliveAsync(TimeSpan.FromSeconds(5), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_refused_before_it_fills_memory()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, new string('x', 1 << 20), Lines));
        using var client = new BitacoraClient(server.Address, new ClientOptions { LineBytes = 1000 });
        await Should.ThrowAsync<BitacoraClientException>(async () =>
        {
            await foreach (var _ in client.SearchAsync(new SearchRequest(), default))
            {
            }
        });
    }

    private static async Task<List<SearchPart>> ReadAsync(ScriptedServer server, SearchRequest request)
    {
        using var client = new BitacoraClient(server.Address);
        var parts = new List<SearchPart>();
        await foreach (var part in client.SearchAsync(request, default))
        {
            parts.Add(part);
        }

        return parts;
    }
}
