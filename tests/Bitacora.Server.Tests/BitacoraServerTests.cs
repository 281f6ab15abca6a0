using System.Net;
using System.Text.Json;

namespace Bitacora.Server.Tests;

public class BitacoraServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_it_runs_the_data_directory_says_where_it_is_and_afterwards_no_more()
    {
        await using var server = await TestServer.StartAsync();
        var file = ServerFile.Find(server.Data).ShouldNotBeNull();
        file.Url.ShouldBe(server.Server.Address);
        file.Pid.ShouldBe(Environment.ProcessId);
        file.Url.Port.ShouldBeGreaterThan(0);
        await server.Server.StopAsync();
        ServerFile.Find(server.Data).ShouldBeNull();
        File.Exists(Path.Combine(server.Data, ServerFile.Name)).ShouldBeFalse();
    }

    [Fact]
    public async Task It_runs_although_its_file_cannot_be_written()
    {
        var directory = Directory.CreateTempSubdirectory("bitacora");
        try
        {
            directory.CreateSubdirectory(ServerFile.Name + ".tmp");
            var options = new ServerOptions { Data = directory.FullName, Listen = ["http://127.0.0.1:0"] };
            await using var server = await BitacoraServer.StartAsync(options, _ => { }, Cancel);
            ServerFile.Find(directory.FullName).ShouldBeNull();
            using var client = new HttpClient { BaseAddress = server.Address };
            (await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("""{"url":"http://127.0.0.1:1","pid":2147483646,"since":"2024-05-01T00:00:00Z"}""")]
    [InlineData("""{"url":"http://127.0.0.1:1","pid":OWN,"since":"2024-05-01T00:00:00Z"}""")]
    [InlineData("""{"url":"nowhere","pid":OWN,"since":"2224-05-01T00:00:00Z"}""")]
    [InlineData("""{"pid":1}""")]
    [InlineData("[")]
    public void What_a_killed_server_left_is_recognised_as_stale(string text)
    {
        var directory = Directory.CreateTempSubdirectory("bitacora");
        try
        {
            File.WriteAllText(
                Path.Combine(directory.FullName, ServerFile.Name),
                text.Replace("OWN", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    StringComparison.Ordinal));
            ServerFile.Find(directory.FullName).ShouldBeNull();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Options_with_faults_start_nothing_and_all_faults_are_named()
    {
        var options = new ServerOptions { Listen = ["ftp://127.0.0.1:0"], ConcurrentQueries = 0, Data = "" };
        var faults = (await Should.ThrowAsync<ConfigurationException>(() => BitacoraServer.StartAsync(options, null, Cancel))).Faults;
        faults.Select(fault => fault.Key).ShouldBe(["data", "listen", "query:concurrent"]);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_and_frees_the_directory()
    {
        await using var first = await TestServer.StartAsync();
        var second = new ServerOptions { Data = first.Data + "-2", Listen = [first.Server.Address.ToString()] };
        await Should.ThrowAsync<IOException>(() => BitacoraServer.StartAsync(second, null, Cancel));
        second.Listen = ["http://127.0.0.1:0"];
        await using (await TestServer.StartAsync(data: second.Data))
        {
        }
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once()
    {
        await using var server = await TestServer.StartAsync();
        await Task.WhenAll(server.Server.StopAsync(), server.Server.StopAsync());
        await server.Server.RunUntilStoppedAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task Health_says_live_and_ready()
    {
        await using var server = await TestServer.StartAsync();
        (await server.JsonAsync("/health/live")).GetProperty("status").GetString().ShouldBe("live");
        (await server.JsonAsync("/health/ready")).GetProperty("status").GetString().ShouldBe("ready");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_can_be_asked_for_its_head_alone(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await server.Http.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_path_and_a_wrong_method_are_problems_with_a_code()
    {
        await using var server = await TestServer.StartAsync();
        using var missing = await server.Http.GetAsync(new Uri("/api/nothing", UriKind.Relative), Cancel);
        await ShouldBeProblem(missing, HttpStatusCode.NotFound, "not_found");
        using var wrong = await server.PostAsync("/api/stats", "");
        await ShouldBeProblem(wrong, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        wrong.Content.Headers.Allow.ShouldContain("GET");
    }

    [Fact]
    public async Task Another_name_for_loopback_is_not_served()
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/stats") { Headers = { Host = "logs.example.com" } };
        using var response = await server.Http.SendAsync(request, Cancel);
        await ShouldBeProblem(response, HttpStatusCode.Forbidden, "foreign_host");
    }

    [Fact]
    public async Task Pages_of_other_sites_may_not_post()
    {
        await using var server = await TestServer.StartAsync();
        using var foreign = await server.PostAsync("/api/search", "", ("Origin", "https://example.com"));
        await ShouldBeProblem(foreign, HttpStatusCode.Forbidden, "foreign_site");
        using var opaque = await server.PostAsync("/api/search", "", ("Origin", "null"));
        await ShouldBeProblem(opaque, HttpStatusCode.Forbidden, "foreign_site");
        using var own = await server.PostAsync("/api/search", "", ("Origin", server.Server.Address.ToString().TrimEnd('/')));
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_openapi_document_lists_every_path_that_is_served()
    {
        await using var server = await TestServer.StartAsync();
        var document = await server.JsonAsync("/openapi/v1.json");
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method =>
                $"{method.Name} {path.Name}")).Order(StringComparer.Ordinal).ShouldBe(
            [
                "get /", "get /api/fields", "get /api/origins/{origin}", "get /api/search", "get /api/senders", "get /api/stats",
                "get /api/tail", "get /health/live",
                "get /health/ready", "get /metrics", "get /search", "post /api/events/raw", "post /api/logs", "post /api/search",
                "post /api/storage/retention", "post /ingest/clef",
            ]);
        var search = document.GetProperty("paths").GetProperty("/api/search").GetProperty("get");
        search.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString())
            .ShouldBe(Searching.SearchParameters.Names);
        search.GetProperty("responses").GetProperty("400").GetProperty("content").EnumerateObject().Single().Name
            .ShouldBe("application/problem+json");
    }

    internal static async Task<JsonElement> ShouldBeProblem(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
