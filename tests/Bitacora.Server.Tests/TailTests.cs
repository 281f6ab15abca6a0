using System.Net;

namespace Bitacora.Server.Tests;

public class TailTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tail_gives_what_is_stored_from_now_on_and_its_filter_takes()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, "before");
        using var tail = await OpenAsync(server, "/api/tail?q=wanted");
        await SendAsync(server, "other");
        await SendAsync(server, "wanted 1");
        (await NextAsync(tail, "record")).ShouldContain("wanted 1");
        await SendAsync(server, "wanted 2");
        (await NextAsync(tail, "record")).ShouldContain("wanted 2");
    }

    [Fact]
    public async Task A_tail_with_a_begin_gives_what_was_stored_since_first()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, "one");
        await SendAsync(server, "two");
        using var tail = await OpenAsync(server, "/api/tail?q=&last=1h");
        await SendAsync(server, "three");
        foreach (var expected in (string[])["one", "two", "three"])
        {
            (await NextAsync(tail, "record")).ShouldContain($"\"message\":\"{expected}\"");
        }
    }

    [Theory]
    [InlineData("q=a+|+count", "bad_parameter")]
    [InlineData("q=a+|+limit+5", "bad_parameter")]
    [InlineData("q=a+|+sort+time", "bad_parameter")]
    [InlineData("q=(", "query_syntax")]
    public async Task What_needs_an_end_cannot_be_tailed(string parameters, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Http.GetAsync(new Uri("/api/tail?" + parameters, UriKind.Relative), Cancel);
        await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("q=time>-1h", "q", "from or last")]
    [InlineData("q=a+time<2024-05-01", "q", "from or last")]
    [InlineData("q=a&from=-1h&to=now", "to", "/api/search")]
    [InlineData("q=a&limit=5", "limit", "/api/search")]
    [InlineData("q=a&cursor=x", "cursor", "/api/search")]
    [InlineData("q=a&explain=true", "explain", "/api/search")]
    [InlineData("q=a&lats=1h", "lats", "q, last, from, tz")]
    public async Task What_a_tail_would_not_heed_is_refused(string parameters, string refused, string advice)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Http.GetAsync(
            new Uri("/api/tail?" + parameters, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "bad_parameter");
        problem.GetProperty("parameter").GetString().ShouldBe(refused);
        problem.GetProperty("detail").GetString()!.ShouldContain(advice);
    }

    [Fact]
    public async Task A_tail_takes_a_begin_a_zone_and_what_is_empty()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, "one");
        using var tail = await OpenAsync(server, "/api/tail?q=one&from=-1h&tz=Europe/Madrid&to=&limit=&cursor=&explain=&format=json");
        (await NextAsync(tail, "record")).ShouldContain("one");
    }

    [Fact]
    public async Task Only_so_many_tails_may_be_open_and_one_that_goes_makes_room()
    {
        await using var server = await TestServer.StartAsync(options => options.ConcurrentTails = 1);
        using (await OpenAsync(server, "/api/tail?q="))
        {
            using var refused = await server.Http.GetAsync(new Uri("/api/tail?q=", UriKind.Relative), Cancel);
            await BitacoraServerTests.ShouldBeProblem(refused, HttpStatusCode.TooManyRequests, "too_many_tails");
        }

        while (true)
        {
            using var again = await server.Http.GetAsync(
                new Uri("/api/tail?q=", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
            if (again.StatusCode == HttpStatusCode.OK)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Stopping_the_server_ends_its_tails()
    {
        await using var server = await TestServer.StartAsync();
        using var tail = await OpenAsync(server, "/api/tail?q=");
        await server.Server.StopAsync();
        (await tail.ReadToEndAsync(Cancel)).ShouldNotContain("event:");
    }

    [Fact]
    public async Task A_tail_that_is_quiet_is_kept_alive()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(clock: clock);
        using var tail = await OpenAsync(server, "/api/tail?q=");
        Task<string?> line;
        for (line = tail.ReadLineAsync(Cancel).AsTask(); !line.IsCompleted;)
        {
            clock.Advance(TimeSpan.FromSeconds(16));
            await Task.Yield();
        }

        (await line).ShouldBe(": keep-alive");
    }

    private static async Task SendAsync(TestServer server, string message)
    {
        using var response = await server.PostAsync("/api/logs", $$"""{"message":"{{message}}"}""");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<StreamReader> OpenAsync(TestServer server, string path)
    {
        var response = await server.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        (await reader.ReadLineAsync(Cancel)).ShouldBe(": open");
        (await reader.ReadLineAsync(Cancel)).ShouldBe("");
        return reader;
    }

    private static async Task<string> NextAsync(StreamReader tail, string kind)
    {
        string? line;
        while ((line = await tail.ReadLineAsync(Cancel)) is { Length: 0 } || line?[0] == ':')
        {
        }

        line.ShouldBe($"event: {kind}");
        return (await tail.ReadLineAsync(Cancel)).ShouldNotBeNull();
    }
}
