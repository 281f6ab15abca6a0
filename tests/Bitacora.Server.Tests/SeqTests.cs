using System.Net;

namespace Bitacora.Server.Tests;

/// <summary>What Seq's clients send, at the paths where they send it.</summary>
public class SeqTests
{
    private const string Clef =
        "{\"@t\":\"2024-05-01T10:00:00Z\",\"@mt\":\"Order {Id} failed\",\"Id\":7,\"@l\":\"Error\",\"@x\":\"Boom\\n at X\",\"@@odd\":1}\r\n";

    private const string Raw = """
        {"Events":[{"Timestamp":"2024-05-01 10:00:00+00:00","Level":"Error","MessageTemplate":"Order {Id} failed","Properties":{"Id":7},
        "Exception":"Boom"}]}
        """;

    [Theory]
    [InlineData("/ingest/clef", "application/vnd.serilog.clef", Clef)]
    [InlineData("/ingest/clef", null, Clef)]
    [InlineData("/api/events/raw?clef", "application/json", Clef)]
    [InlineData("/api/events/raw", "application/vnd.serilog.clef", Clef)]
    [InlineData("/api/events/raw", "application/json", Raw)]
    public async Task An_event_is_taken_with_201_and_found(string path, string? type, string body)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(path, body, ("X-Seq-ApiKey", "ignored"), ("Content-Type", type ?? ""));
        response.StatusCode.ShouldBe(HttpStatusCode.Created,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        (await TestServer.ReadAsync(response)).GetProperty("MinimumLevelAccepted").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var (rows, _) = await server.SearchAsync("level:ERROR \"Order 7 failed\"", "from=2024-05-01&to=2024-05-02");
        rows.Length.ShouldBe(1);
        rows[0].GetProperty("traceback").GetString()!.ShouldStartWith("Boom");
        rows[0].GetProperty("attributes").GetProperty("Id").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task CLEF_is_also_taken_with_the_logs_by_its_type()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/api/logs", Clef, ("Content-Type", "application/vnd.serilog.clef; charset=utf-8"));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SearchAsync("template:\"Order {Id} failed\"", "from=2024-05-01&to=2024-05-02")).Rows.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Bad_events_beside_good_ones_are_refused_alone()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/ingest/clef", Clef + "oops\n" + Clef);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await TestServer.ReadAsync(response)).GetProperty("rejected").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("/ingest/clef", "oops")]
    [InlineData("/api/events/raw", "{\"Other\":[]}")]
    [InlineData("/api/events/raw", "oops")]
    public async Task A_body_without_any_event_is_a_problem(string path, string body)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(path, body);
        await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "no_line_read");
    }

    [Fact]
    public async Task An_empty_list_of_events_is_taken()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/api/events/raw", "{\"Events\":[]}");
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }
}
