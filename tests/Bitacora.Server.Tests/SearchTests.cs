using System.Net;
using System.Text;
using System.Text.Json;

namespace Bitacora.Server.Tests;

public class SearchTests
{
    private const string Day = "from=2024-05-01&to=2024-05-02";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_has_every_field_under_its_name_and_leaves_empty_ones_out()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """
            {"time":"2024-05-01T10:00:00.1234567Z","level":"WARN","message":"ñandú \"q\"","source":"shop","logger":"shop.cart",
            "host":"h1","template":"t","traceback":"line 1\nline 2",
            "request_id":"r","user_id":"u","session_id":"s","trace_id":"t1","span_id":"s1","duration_ms":12.5,
            "status":200,"ratio":0.5,"ok":true,"path":"/a"}
            """);
        var row = (await server.SearchAsync("", Day)).Rows.ShouldHaveSingleItem();
        row.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["id", "time", "level", "layer", "source", "logger", "host", "message", "template", "traceback", "request_id", "user_id",
                "session_id",
                "trace_id", "span_id", "duration_ms", "attributes"]);
        row.GetProperty("time").GetString().ShouldBe("2024-05-01T10:00:00.1234567Z");
        row.GetProperty("level").GetString().ShouldBe("WARNING");
        row.GetProperty("message").GetString().ShouldBe("ñandú \"q\"");
        row.GetProperty("duration_ms").GetDouble().ShouldBe(12.5);
        row.GetProperty("attributes").ToString().ShouldBe("""{"status":200,"ratio":0.5,"ok":true,"path":"/a"}""");
        await SendAsync(server, """{"time":"2024-05-01T11:00:00Z"}""");
        (await server.SearchAsync("time>=2024-05-01T11:00", Day)).Rows[0].EnumerateObject().Select(member => member.Name)
            .ShouldBe(["id", "time", "level", "layer"]);
    }

    [Fact]
    public async Task Columns_are_what_the_query_chose_in_its_order()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """{"time":"2024-05-01T10:00:00Z","message":"m","status":200}""");
        (await server.SearchAsync("| fields status, metadata.status, message, host", Day)).Rows[0].ToString()
            .ShouldBe("""{"status":200,"metadata.status":200,"message":"m"}""");
    }

    [Fact]
    public async Task Groups_come_with_times_and_nulls()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """
            {"time":"2024-05-01T10:10:00Z","message":"a","source":"x","duration_ms":5}
            {"time":"2024-05-01T10:20:00Z","message":"b"}
            {"time":"2024-05-01T11:20:00Z","message":"c","source":"x"}
            """);
        var (rows, end) = await server.SearchAsync("| stats count, avg(duration_ms), p95(duration_ms) by time(1h), source", Day);
        rows.Select(row => row.GetProperty("time").GetString()).ShouldBe(
            ["2024-05-01T10:00:00.0000000Z", "2024-05-01T10:00:00.0000000Z", "2024-05-01T11:00:00.0000000Z"]);
        rows.Count(row => row.GetProperty("source").ValueKind == JsonValueKind.Null).ShouldBe(1);
        rows.Single(row => row.GetProperty("avg(duration_ms)").ValueKind == JsonValueKind.Number).GetProperty(
            "count").GetInt64().ShouldBe(1);
        end.GetProperty("approximate").EnumerateArray().Select(column => column.GetString()).ShouldBe(["p95(duration_ms)"]);
        end.GetProperty("cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Pages_by_cursor_bring_every_row_once()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server,
            string.Join('\n', Enumerable.Range(0, 25).Select(i => $$"""{"time":"2024-05-01T10:00:{{i:00}}Z","message":"m{{i}}"}""")));
        List<string> seen = [];
        var rest = Day + "&limit=10";
        while (true)
        {
            var (rows, end) = await server.SearchAsync("m", rest);
            seen.AddRange(rows.Select(row => row.GetProperty("message").GetString()!));
            if (end.GetProperty("cursor").GetString() is not { } cursor)
            {
                break;
            }

            rest = $"limit=10&cursor={cursor}";
        }

        seen.ShouldBe(Enumerable.Range(0, 25).Reverse().Select(i => $"m{i}"));
    }

    [Theory]
    [InlineData("GET", null, null)]
    [InlineData("POST", "application/x-www-form-urlencoded", "q=level%3AERROR&from=2024-05-01&to=2024-05-02")]
    [InlineData("POST", "application/json",
        """{"q":"level:ERROR","from":"2024-05-01","to":"2024-05-02","limit":10,"explain":true,"cursor":null}""")]
    public async Task A_search_is_the_same_in_the_address_in_a_form_and_as_json(string method, string? type, string? body)
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """{"time":"2024-05-01T10:00:00Z","level":"error","message":"m"}""");
        using var request = new HttpRequestMessage(
            new HttpMethod(method), body is null ? $"/api/search?q=level%3AERROR&{Day}" : "/api/search");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type!);
        using var response = await server.Http.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        (await response.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("q=| cuont", "query_syntax")]
    [InlineData("q=a&last=tomorrow", "query_syntax")]
    [InlineData("q=a&cursor=xxx", "bad_cursor")]
    [InlineData("q=a&lats=1h", "bad_parameter")]
    [InlineData("q=a&limit=0", "bad_parameter")]
    [InlineData("q=a&limit=10001", "bad_parameter")]
    [InlineData("q=a&tz=Nowhere/Land", "bad_parameter")]
    [InlineData("q=a&tz=../../etc/passwd", "bad_parameter")]
    [InlineData("q=a&tz=%2B15:00", "bad_parameter")]
    [InlineData("q=a&tz=%2B2", "bad_parameter")]
    [InlineData("q=a&format=xml", "bad_parameter")]
    [InlineData("q=a&q=b", "bad_parameter")]
    [InlineData("q=a&explain=perhaps", "bad_parameter")]
    public async Task A_question_that_cannot_be_answered_is_a_problem(string parameters, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Http.GetAsync(new Uri("/api/search?" + parameters, UriKind.Relative), Cancel);
        await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("%2B02:00")]
    [InlineData("+02:00")]
    [InlineData("%2B0200")]
    public async Task A_zone_may_be_an_offset_and_a_page_after_the_first_keeps_it(string zone)
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """
            {"time":"2024-05-01T21:59:00Z","message":"before"}
            {"time":"2024-05-01T22:01:00Z","message":"first"}
            {"time":"2024-05-01T23:01:00Z","message":"second"}
            """);
        var (rows, end) = await server.SearchAsync("", $"from=2024-05-02&to=2024-05-03&limit=1&tz={zone}");
        rows.ShouldHaveSingleItem().GetProperty("message").GetString().ShouldBe("second");
        end.GetProperty("cursor").GetString().ShouldNotBeNull();
        (rows, end) = await server.SearchAsync("", $"limit=1&cursor={end.GetProperty("cursor").GetString()}");
        rows.ShouldHaveSingleItem().GetProperty("message").GetString().ShouldBe("first");
        (await server.SearchAsync("| count by time(1d)", $"{Day}&tz={zone}")).Rows.ShouldHaveSingleItem().ToString()
            .ShouldBe("""{"time":"2024-04-30T22:00:00.0000000Z","count":1}""");
    }

    [Fact]
    public async Task A_syntax_error_says_where_and_what_was_meant()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Http.GetAsync(new Uri("/api/search?q=error+%7C+cuont", UriKind.Relative), Cancel);
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "query_syntax");
        problem.GetProperty("position").GetInt32().ShouldBe(9);
        problem.GetProperty("found").GetString().ShouldBe("cuont");
        problem.GetProperty("detail").GetString()!.ShouldContain("did you mean 'count'?");
        problem.GetProperty("parameter").GetString().ShouldBe("q");
    }

    [Theory]
    [InlineData("application/json", "{\"q\":")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "{\"q\":{\"a\":1}}")]
    [InlineData("application/json", "{\"q\":\"a\",\"q\":\"b\"}")]
    [InlineData("application/json", """{"q":"\ud800"}""")]
    [InlineData("application/json", """{"\ud800":"1"}""")]
    [InlineData("application/json", """{"\ud800":"1","\udc00":"1"}""")]
    [InlineData("application/x-www-form-urlencoded", "nothing=1")]
    [InlineData("application/x-www-form-urlencoded", "q=a&q=b")]
    public async Task A_posted_search_must_be_readable(string type, string body)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/api/search", body, ("Content-Type", type));
        await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "bad_parameter");
    }

    [Fact]
    public async Task A_posted_search_has_a_size_and_a_type()
    {
        await using var server = await TestServer.StartAsync();
        using var type = await server.PostAsync("/api/search", "q=a", ("Content-Type", "text/plain"));
        await BitacoraServerTests.ShouldBeProblem(type, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var large = await server.PostAsync("/api/search", "q=" + new string('a', 70_000),
            ("Content-Type", "application/x-www-form-urlencoded"));
        await BitacoraServerTests.ShouldBeProblem(large, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        using var query = await server.PostAsync("/api/search", "q=" + new string('a', 17_000),
            ("Content-Type", "application/x-www-form-urlencoded"));
        await BitacoraServerTests.ShouldBeProblem(query, HttpStatusCode.BadRequest, "query_syntax");
    }

    [Fact]
    public async Task A_posted_search_must_be_unicode()
    {
        await using var server = await TestServer.StartAsync();
        using var value = await server.PostAsync("/api/search", [.. "{\"q\":\""u8, 0xFF, .. "\"}"u8], ("Content-Type", "application/json"));
        await BitacoraServerTests.ShouldBeProblem(value, HttpStatusCode.BadRequest, "bad_parameter");
        using var name = await server.PostAsync("/api/search", [.. "{\""u8, 0xFF, .. "\":1}"u8], ("Content-Type", "application/json"));
        await BitacoraServerTests.ShouldBeProblem(name, HttpStatusCode.BadRequest, "bad_parameter");
    }

    [Fact]
    public async Task A_posted_search_is_a_form_of_names_and_values_not_of_files()
    {
        await using var server = await TestServer.StartAsync();
        using var multipart = await server.PostAsync(
            "/api/search", "--x\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nlevel:ERROR\r\n--x--\r\n",
            ("Content-Type", "multipart/form-data; boundary=x"));
        await BitacoraServerTests.ShouldBeProblem(multipart, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 70_000, HttpStatusCode.RequestEntityTooLarge, "body_too_large")]
    [InlineData("application/json", 70_000, HttpStatusCode.RequestEntityTooLarge, "body_too_large")]
    [InlineData("multipart/form-data; boundary=x", 70_000, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData(null, 10, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    public async Task A_posted_search_without_a_length_has_the_same_bounds(string? type, int length, HttpStatusCode status, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/search");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("q=" + new string('a', length)));
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await server.Http.SendAsync(request, Cancel);
        await BitacoraServerTests.ShouldBeProblem(response, status, code);
    }

    [Theory]
    [InlineData("q=level:ERROR", "q")]
    [InlineData("last=1h&limit=5", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("explain=true", "explain")]
    [InlineData("lats=1h", "lats")]
    public async Task The_fields_of_a_range_are_asked_for_by_the_range_alone(string parameters, string refused)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Http.GetAsync(new Uri("/api/fields?" + parameters, UriKind.Relative), Cancel);
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "bad_parameter");
        problem.GetProperty("parameter").GetString().ShouldBe(refused);
        problem.GetProperty("detail").GetString()!.ShouldContain("last, from, to, tz");
    }

    [Fact]
    public async Task A_request_line_may_be_long()
    {
        await using var server = await TestServer.StartAsync();
        var query = string.Join(" ", Enumerable.Repeat("ñandú", 200).Select((word, i) => $"{word}{i}"));
        Uri.EscapeDataString(query).Length.ShouldBeGreaterThan(3_000);
        (await server.SearchAsync(query)).Rows.ShouldBeEmpty();
        using var longest = await server.Http.GetAsync(new Uri("/api/search?q=" + new string('a', 60_000), UriKind.Relative), Cancel);
        await BitacoraServerTests.ShouldBeProblem(longest, HttpStatusCode.BadRequest, "query_syntax");
    }

    [Fact]
    public async Task An_empty_page_names_the_newest_older_record()
    {
        await using var server = await TestServer.StartAsync();
        Code((await server.SearchAsync("")).End).ShouldBe("empty-store");
        await SendAsync(server, """
            {"time":"2024-05-01T10:00:00Z","level":"error","message":"old"}
            {"time":"2024-05-02T10:00:00Z","level":"info","message":"newer"}
            """);
        var end = (await server.SearchAsync("level:ERROR", "last=1h")).End;
        Code(end).ShouldBe("older-record");
        end.GetProperty("newest_before").GetString().ShouldBe("2024-05-01T10:00:00.0000000Z");
        Code((await server.SearchAsync("level:CRITICAL", "last=1h")).End).ShouldBe("no-older-record");
        (await server.SearchAsync("| count", "last=1h")).End.GetProperty("notes").GetArrayLength().ShouldBe(0);

        static string? Code(JsonElement end) => end.GetProperty("notes").EnumerateArray().Last().GetProperty("code").GetString();
    }

    [Fact]
    public async Task Fields_and_explanations_can_be_asked_for()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """{"time":"2024-05-01T10:00:00Z","message":"m","status":200,"path":"/a"}""");
        var fields = (await server.JsonAsync($"/api/fields?{Day}")).GetProperty("fields");
        fields.EnumerateArray().Select(field => $"{field.GetProperty("name")} {field.GetProperty("type")} {field.GetProperty("count")}")
            .Order().ShouldBe(["path string 1", "status long 1"]);
        (await server.SearchAsync("m", Day
            + "&explain=true")).End.GetProperty("explanation").GetProperty("rows_read").GetInt64().ShouldBe(1);
        (await server.SearchAsync("m", Day)).End.TryGetProperty("explanation", out _).ShouldBeFalse();
    }

    private static async Task SendAsync(TestServer server, string lines)
    {
        using var response = await server.PostAsync("/api/logs", lines);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancel));
        (await TestServer.ReadAsync(response)).GetProperty("rejected").GetInt32().ShouldBe(0);
    }
}
