using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Bitacora.Records;

namespace Bitacora.Server.Tests;

public class IngestTests
{
    private const string Batch = "application/vnd.bitacora.batch";
    private const string Origin = "0123456789abcdef0123456789abcde0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_are_stored_and_found()
    {
        await using var server = await TestServer.StartAsync();
        await ShouldTake(server, """
            {"time":"2024-05-01T10:00:00Z","level":"error","message":"disk full","source":"shop","n":7}
            {"time":"2024-05-01T10:00:01Z","level":"info","message":"all is well"}

            """, accepted: 2);
        var (rows, end) = await server.SearchAsync("level>=ERROR", "from=2024-05-01&to=2024-05-02");
        rows.Length.ShouldBe(1);
        rows[0].GetProperty("message").GetString().ShouldBe("disk full");
        rows[0].GetProperty("time").GetString().ShouldBe("2024-05-01T10:00:00.0000000Z");
        rows[0].GetProperty("attributes").GetProperty("n").GetInt64().ShouldBe(7);
        end.GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_bad_line_is_refused_with_its_number_and_reason_and_the_others_are_kept()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await ShouldTake(server, "{\"message\":\"a\"}\n{\"message\": oops}\n\n{\"message\":\"b\"}\n[1]\n", accepted: 2,
            rejected: 2);
        answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()).ShouldBe([2, 5]);
        answer.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.GetProperty("reason").GetString()!.Length > 5);
        (await server.SearchAsync("")).Rows.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_body_without_a_line_that_can_be_read_is_a_problem_that_lists_the_reasons()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/api/logs", "hello\nworld\n");
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "no_line_read");
        problem.GetProperty("rejected").GetInt32().ShouldBe(2);
        problem.GetProperty("errors").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("  \r\n\n")]
    [InlineData("[]")]
    [InlineData("\uFEFF")]
    public async Task A_body_without_lines_is_taken(string body)
    {
        await using var server = await TestServer.StartAsync();
        await ShouldTake(server, body, accepted: 0);
    }

    [Theory]
    [InlineData("""[{"message":"a"},{"message":"b"},{"message":"c"}]""", 3, 0)]
    [InlineData("[\n  {\n    \"message\": \"a\"\n  },\n  {\n    \"message\": \"b, ] }\"\n  }\n]\n", 2, 0)]
    [InlineData("{\n  \"message\": \"a\",\r\n  \"o\": {\n \"x\": [1,\n2] }\n}\n", 1, 0)]
    [InlineData("{\n  \"message\": \"a\"\n}\n{\n  \"message\": \"b\"\n}", 2, 0)]
    [InlineData("{\"message\":\"a\",\n\"n\":1}", 1, 0)]
    [InlineData("{\"message\":\"one line, no end\"}", 1, 0)]
    [InlineData("[{\"message\":\"a\"},\n 7,\n {\"message\":\"b\"}]", 2, 1)]
    [InlineData("[{\"message\":\"a\"},{\"message\":\"b\"", 1, 1)]
    [InlineData("[{\"message\":\"a\"},{\"mess\nage\":\"b\"}]", 1, 1)]
    [InlineData("\uFEFF[{\"message\":\"a\"}]", 1, 0)]
    [InlineData("{\"message\":\"a\"}\r\n{\"message\":\"b\"}", 2, 0)]
    public async Task Arrays_and_values_over_several_lines_are_taken_too(string body, int accepted, int rejected)
    {
        await using var server = await TestServer.StartAsync();
        await ShouldTake(server, body, accepted, rejected);
        (await server.SearchAsync("")).Rows.Length.ShouldBe(accepted);
    }

    [Theory]
    [InlineData("{\"msg\":\"half a li\n{\"msg\":\"good one\"}\n{\"msg\":\"good two\"}\n", 2, "1")]
    [InlineData("{\"a\":{\"b\":1,\n{\"msg\":\"good one\"}\n{\"msg\":\"good two\"}\n", 2, "1")]
    [InlineData("{\"tags\":[\"x\",\n{\"msg\":\"good one\"}\n", 1, "1")]
    [InlineData("{\"msg\":\n{\"msg\":\"good one\"}\n", 1, "1")]
    [InlineData("{\"msg\":\"over\ntwo lines\"}\n{\"msg\":\"good one\"}\n", 1, "1,2")]
    [InlineData("{ begins\n{\"msg\":\"good one\"}\n} ends\n{\"msg\":\"good two\"}\n", 2, "1,3")]
    [InlineData("[2024-01-01] text line\n{\"msg\":\"good 3\"}\n{\"msg\":\"good 4\"}\n", 2, "1")]
    [InlineData("[2024-01-01 10:00, main] text \"line\n{\"msg\":\"good 3\"}\n{\"msg\":\"good 4\"}\n", 2, "1")]
    [InlineData("[main, {\"msg\":1}\n{\"msg\":\"good 3\"}\n{\"msg\":\"good 4\"}\n", 2, "1")]
    [InlineData("[{oops}] text line\n{\"msg\":\"good 3\"}\n", 1, "1")]
    [InlineData("[\n{\"msg\":\"one\"},\n{\"msg\":\"half a li\n{\"msg\":\"two\"},\n{\"msg\":\"three\"}\n]\n", 3, "2")]
    [InlineData("[{\"msg\":\"one\"},{\"a\":[\n{\"msg\":\"two\"}\n{\"msg\":\"three\"}\n", 3, "2")]
    [InlineData("[{\"msg\":\"one\"}]\n{\"msg\":\"two\"}\noops\n{\"msg\":\"three\"}\n", 3, "3")]
    [InlineData("{\n\"msg\":\"one\"\n}\n{\"msg\":\"half a li\n{\"msg\":\"two\"}\n{\"msg\":\"three\"}\n", 3, "2")]
    [InlineData("{\n\"msg\":\"one\"\n}\n{\"a\":tru,\n\"b\":1}\n{\n\"msg\":\"two\"\n}\n", 2, "2")]
    public async Task A_torn_or_foreign_line_costs_itself_and_no_other(string body, int accepted, string refused)
    {
        await using var server = await TestServer.StartAsync();
        var answer = await ShouldTake(server, body, accepted, refused.Split(',').Length);
        ErrorLines(answer).ShouldBe(refused.Split(',').Select(int.Parse));
        (await server.SearchAsync("")).Rows.Length.ShouldBe(accepted);
    }

    [Theory]
    [InlineData("{\"msg\":\"half a li")]
    [InlineData("{\"a\":[1,2,")]
    [InlineData("[2024-01-01 10:00:00, main] text line")]
    [InlineData("[{\"msg\":\"in an array\"}")]
    public async Task A_long_body_behind_a_torn_or_foreign_line_is_read_as_lines(string first)
    {
        await using var server = await TestServer.StartAsync(options => options.DocumentBytes = 1 << 20);
        var line = "{\"message\":\"" + new string('x', 1000) + "\"}\n";
        await ShouldTake(server, first + "\n" + string.Concat(Enumerable.Repeat(line, 2000)), accepted: 2000, rejected: 1);
    }

    [Theory]
    [InlineData("[{\"message\":\"a\",\"v\":NaN},{\"message\":\"b\",\"v\":-Infinity},{\"message\":\"c\"}]", 3, "")]
    [InlineData("[{\"message\":\"a\"},{\"message\":tru},{\"message\":\"c\"}]", 2, "2")]
    [InlineData("[1,{\"message\":\"x\"}]", 1, "1")]
    [InlineData("[\"a, ] }\",{\"message\":\"x\"},null,[{\"message\":1}, 2],{\"message\":\"y\"} {},{\"message\":\"z\"}]", 2, "1,3,4,5")]
    [InlineData("[{\"message\":\"over\ntwo lines\"},\n{\"message\":\"b\"}]", 1, "1")]
    [InlineData("{\n\"message\":\"a\",\n\"v\":NaN\n}\n{\n\"message\":\"b\"\n}\n", 2, "")]
    public async Task An_element_that_is_wrong_costs_itself_and_what_a_line_may_have_an_element_may(
        string body, int accepted, string refused)
    {
        await using var server = await TestServer.StartAsync();
        var lines = refused.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
        ErrorLines(await ShouldTake(server, body, accepted, lines.Length)).ShouldBe(lines);
    }

    [Theory]
    [InlineData("[{\"message\":\"a\"}", 1)]
    [InlineData("[{\"message\":\"a\"},", 1)]
    [InlineData("[{\"message\":\"a\"} \n", 1)]
    [InlineData("[\n{\"message\":\"a\"},\n{\"message\":\"b\"},\n", 2)]
    [InlineData("[{\"message\":\"a\"},{\"message\":\"b\"", 1)]
    [InlineData("[{\"message\":\"a\"},{\"message\":\"b", 1)]
    public async Task What_precedes_the_cut_of_an_array_is_stored_and_the_cut_is_reported(string body, int accepted)
    {
        await using var server = await TestServer.StartAsync();
        var answer = await ShouldTake(server, body, accepted, rejected: 1);
        ErrorLines(answer).ShouldBe([accepted + 1]);
        answer.GetProperty("errors")[0].GetProperty("reason").GetString()!.ShouldContain(" ends ");
        (await server.SearchAsync("")).Rows.Length.ShouldBe(accepted);
        await ShouldAddUp(server, received: accepted + 1);
    }

    [Fact]
    public async Task Elements_of_an_array_are_numbered_as_lines_are()
    {
        await using var server = await TestServer.StartAsync();
        ulong next = 7;
        foreach (var (body, elements) in new[]
        {
            ("[{\"message\":\"a0\"},{\"message\":\"a1\"}]", 2UL), ("{\"message\":\"a2\"}\n{\"message\":\"a3\"}\n", 2UL), (" [ ] \n", 0UL),
            ("\uFEFF[\n  {\n    \"message\": \"a4\"\n  },\n  {\n    \"message\": \"a5\"\n  },\n 6\n]\n\n", 3UL), ("[]", 0UL),
            ("{\n\"message\":\"a7\"\n}\n{\n\"message\":\"a8\"\n}\n", 2UL), ("[{\"message\":\"a9\"},]\n", 1UL),
        })
        {
            using var response = await server.PostAsync(
                "/api/logs", body, ("Bitacora-Origin", Origin), ("Bitacora-Position", $"{next}"));
            (await TestServer.ReadAsync(response)).GetProperty("duplicates").GetInt32().ShouldBe(0, body);
            next += elements;
            (await server.JsonAsync($"/api/origins/{Origin}")).GetProperty("senders")[0].GetProperty("intervals").ToString()
                .ShouldBe($"[[7,{next}]]", body);
        }

        (await server.SearchAsync("")).Rows.Length.ShouldBe(9);
    }

    [Fact]
    public async Task An_array_that_is_too_long_is_refused_whole()
    {
        await using var server = await TestServer.StartAsync(options => options.DocumentBytes = 1 << 20);
        var element = "{\"message\":\"" + new string('x', 1000) + "\"},";
        var fits = "[" + string.Concat(Enumerable.Repeat(element, 1000)).TrimEnd(',') + "]";
        await ShouldTake(server, fits, accepted: 1000);
        using var response = await server.PostAsync("/api/logs", "[" + string.Concat(Enumerable.Repeat(element, 1100)).TrimEnd(',') + "]");
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        problem.GetProperty("accepted").GetInt64().ShouldBe(0);
        problem.GetProperty("detail").GetString()!.ShouldContain("ingest:document");
    }

    [Fact]
    public async Task A_long_body_is_read_in_pieces_and_its_lines_are_numbered_through()
    {
        await using var server = await TestServer.StartAsync();
        var body = new StringBuilder();
        for (var i = 1; i <= 20_000; i++)
        {
            body.Append(i % 7_000 == 0 ? "broken"
                : $$"""{"time":"2024-05-01T10:00:00Z","message":"line {{i}}","pad":"{{new string('x', 50)}}"}""").Append('\n');
        }

        var answer = await ShouldTake(server, body.ToString(), accepted: 19_998, rejected: 2);
        answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()).ShouldBe([7_000, 14_000]);
        var (rows, _) = await server.SearchAsync("* | count", "from=2024-05-01&to=2024-05-02");
        rows[0].GetProperty("count").GetInt64().ShouldBe(19_998);
    }

    [Fact]
    public async Task A_line_beyond_all_bounds_is_refused_and_its_neighbours_are_kept()
    {
        await using var server = await TestServer.StartAsync();
        var body = $$"""
            {"message":"before"}
            {"message":"{{new string('x', 9 << 20)}}"}
            {"message":"after"}
            oops
            """;
        var answer = await ShouldTake(server, body, accepted: 2, rejected: 2);
        answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()).ShouldBe([2, 4]);
        (await server.SearchAsync("before OR after")).Rows.Length.ShouldBe(2);
        (await server.JsonAsync("/api/stats")).GetProperty("server").GetProperty("body_bytes_in_memory").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcde0", 102)]
    [InlineData("0123456789abcdef0123456789abcde1", 100 + 21 + (9 << 20) + 1)]
    public async Task A_line_that_is_passed_over_counts_in_the_positions_behind_it(string origin, long position)
    {
        await using var server = await TestServer.StartAsync();
        var body = Encoding.UTF8.GetBytes("{\"message\":\"before\"}\n" + new string('x', 9 << 20) + "\n{\"message\":\"after\"}\n");
        await ShouldTake(server, body, 2, 1, ("Bitacora-Origin", origin), ("Bitacora-Position", "100"));
        await ShouldTake(
            server, "{\"message\":\"after\"}\n"u8.ToArray(), 1, 0, ("Bitacora-Origin", origin),
            ("Bitacora-Position", position.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        (await server.SearchAsync("after")).Rows.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_line_of_a_few_megabytes_is_cut_not_refused()
    {
        await using var server = await TestServer.StartAsync();
        await ShouldTake(server, $$"""{"message":"start {{new string('x', 3 << 20)}}"}""", accepted: 1);
        (await server.SearchAsync("truncated:true | count")).Rows[0].GetProperty("count").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task Compressed_bodies_are_taken(string coding)
    {
        await using var server = await TestServer.StartAsync();
        await ShouldTake(server, Compress("{\"message\":\"packed\"}\n", coding), 1, 0, ("Content-Encoding", coding));
        (await server.SearchAsync("packed")).Rows.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_bomb_is_refused_and_what_it_held_before_is_said()
    {
        await using var server = await TestServer.StartAsync(options => options.BodyBytes = 1 << 20);
        var bomb = Compress("{\"message\":\"first\"}\n" + new string(' ', 64 << 20), "gzip");
        bomb.Length.ShouldBeLessThan(100_000);
        using var response = await server.PostAsync("/api/logs", bomb, ("Content-Encoding", "gzip"));
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        problem.GetProperty("accepted").GetInt32().ShouldBe((await server.SearchAsync("first")).Rows.Length);
        (await server.JsonAsync("/api/stats")).GetProperty("server").GetProperty("body_bytes_in_memory").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Codings_and_types_that_are_not_known_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var coding = await server.PostAsync("/api/logs", "{}", ("Content-Encoding", "br"));
        await BitacoraServerTests.ShouldBeProblem(coding, HttpStatusCode.UnsupportedMediaType, "unsupported_encoding");
        using var type = await server.PostAsync("/api/logs", "{}", ("Content-Type", "multipart/form-data; boundary=x"));
        await BitacoraServerTests.ShouldBeProblem(type, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var broken = await server.PostAsync("/api/logs", [0x1F, 0x8B, 1, 2, 3], ("Content-Encoding", "gzip"));
        await BitacoraServerTests.ShouldBeProblem(broken, HttpStatusCode.BadRequest, "bad_encoding");
        await ShouldTake(server, "{\"message\":\"a\"}"u8.ToArray(), 1, 0, ("Content-Type", "application/x-www-form-urlencoded"));
    }

    [Fact]
    public async Task What_comes_again_under_its_origin_and_position_is_a_duplicate()
    {
        await using var server = await TestServer.StartAsync();
        const string Lines = "{\"message\":\"a\"}\nbroken\n{\"message\":\"b\"}\n";
        await ShouldTake(server, Encoding.UTF8.GetBytes(Lines), 2, 1, ("Bitacora-Origin", Origin), ("Bitacora-Position", "10"));
        var again = await ShouldTake(server, Encoding.UTF8.GetBytes(Lines), 2, 1, ("Bitacora-Origin", Origin), ("Bitacora-Position", "10"));
        again.GetProperty("duplicates").GetInt32().ShouldBe(2);
        (await server.SearchAsync("")).Rows.Length.ShouldBe(2);
        var known = (await server.JsonAsync($"/api/origins/{Origin}")).GetProperty("senders");
        known.GetArrayLength().ShouldBe(1);
        known[0].GetProperty("intervals").ToString().ShouldBe("[[10,13]]");
        (await server.JsonAsync($"/api/origins/{new string('0', 32)}")).GetProperty("senders").GetArrayLength().ShouldBe(0);
        var records = (await server.JsonAsync("/api/stats")).GetProperty("records");
        records.GetProperty("received").GetInt64().ShouldBe(6);
        records.GetProperty("duplicates").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("Bitacora-Origin", "xyz")]
    [InlineData("Bitacora-Position", "5")]
    public async Task Origin_and_position_must_make_sense(string header, string value)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/api/logs", "{}", (header, value));
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "bad_parameter");
        problem.GetProperty("parameter").GetString().ShouldBe(header);
    }

    [Fact]
    public async Task Without_an_origin_nothing_is_ever_a_duplicate_however_many_send()
    {
        await using var server = await TestServer.StartAsync();
        var body = string.Concat(Enumerable.Repeat("{\"message\":\"same\"}\n", 50));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ShouldTake(server, body, accepted: 50)));
        (await server.SearchAsync("same | count")).Rows[0].GetProperty("count").GetInt64().ShouldBe(2_000);
        (await server.JsonAsync("/api/stats")).GetProperty("records").GetProperty("duplicates").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_record_batch_is_taken_once()
    {
        await using var server = await TestServer.StartAsync();
        var batch = Freeze(DateTimeOffset.UtcNow, "by batch").Bytes.ToArray();
        (await ShouldTake(server, batch, 1, 0, ("Content-Type", Batch))).GetProperty("duplicates").GetInt32().ShouldBe(0);
        (await ShouldTake(server, batch, 1, 0, ("Content-Type", Batch))).GetProperty("duplicates").GetInt32().ShouldBe(1);
        (await server.SearchAsync("by batch")).Rows.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_from_the_future_is_refused_with_the_servers_time()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync(
            "/api/logs", Freeze(DateTimeOffset.UtcNow.AddMinutes(11), "x").Bytes.ToArray(), ("Content-Type", Batch));
        var problem = await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.Conflict, "batch_from_future");
        problem.GetProperty("server_time").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await server.JsonAsync("/api/stats")).GetProperty("records").GetProperty("rejected").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_batch_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var batch = Freeze(DateTimeOffset.UtcNow, "x").Bytes.ToArray();
        batch[^10] ^= 1;
        using var response = await server.PostAsync("/api/logs", batch, ("Content-Type", Batch));
        await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.BadRequest, "bad_batch");
        using var large = await server.PostAsync("/api/logs", new byte[RecordBatch.MaxBytes + 1], ("Content-Type", Batch));
        await BitacoraServerTests.ShouldBeProblem(large, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Hostile_lines_get_their_error_or_their_flag_and_the_counters_stay_one_sum()
    {
        await using var server = await TestServer.StartAsync();
        byte[][] lines =
        [
            "{\"message\":\"good\"}"u8.ToArray(),
            [.. "{\"message\":\"bad utf8 "u8, 0xFF, 0xC3, .. "\"}"u8],
            "{\"message\":\"nul \\u0000 and \\ud800 lone\"}"u8.ToArray(),
            "{\"message\":\"raw \0 nul\"}"u8.ToArray(),
            "{\"message\":\"\\u001b[31mred\\u001b]0;title\\u0007\"}"u8.ToArray(),
            Encoding.UTF8.GetBytes("{\"message\":\"many\"," + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"f{i}\":{i}"))
                + "}"),
            Encoding.UTF8.GetBytes("{\"message\":\"deep\",\"d\":" + new string('[', 10_000) + new string(']', 10_000) + "}"),
            Encoding.UTF8.GetBytes(new string('{', 10_000)),
            "{\"time\":\"1969-12-31T23:59:59Z\",\"message\":\"early\"}"u8.ToArray(),
            "{\"time\":\"2100-01-01T00:00:00Z\",\"message\":\"late\"}"u8.ToArray(),
            "\0\0\0"u8.ToArray(),
            "{\"message\":\"good too\"}"u8.ToArray(),
        ];
        using var response = await server.PostAsync("/api/logs", [.. lines.SelectMany(line => line.Append((byte)'\n'))]);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await TestServer.ReadAsync(response);
        (answer.GetProperty("accepted").GetInt32() + answer.GetProperty("rejected").GetInt32()).ShouldBe(lines.Length);
        answer.GetProperty("rejected").GetInt32().ShouldBeInRange(2, 5);
        (await server.SearchAsync("good")).Rows.Length.ShouldBe(2);
        (await server.SearchAsync("early OR late")).Rows.Length.ShouldBe(2);
        await ShouldAddUp(server, received: lines.Length);
    }

    [Fact]
    public async Task A_sender_that_goes_in_the_middle_leaves_nothing_behind_but_what_is_counted()
    {
        await using var server = await TestServer.StartAsync();
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port, Cancel);
            await socket.GetStream().WriteAsync(
                "POST /api/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"message\":\"half\"}\n{\"mess"u8.ToArray(),
                    Cancel);
        }

        await ShouldTake(server, "{\"message\":\"whole\"}", accepted: 1);
        (await server.SearchAsync("half")).Rows.ShouldBeEmpty();
        await ShouldAddUp(server, received: 1);
    }

    private static async Task ShouldAddUp(TestServer server, long received)
    {
        var counts = (await server.JsonAsync("/api/stats")).GetProperty("records");
        Of("received").ShouldBe(received);
        Of("received").ShouldBe(Of("accepted") + Of("rejected"));
        Of("accepted").ShouldBe(Of("stored") + Of("duplicates") + Of("pending") + Of("dropped") + Of("dead"));

        long Of(string name) => counts.GetProperty(name).GetInt64();
    }

    private static Task<JsonElement> ShouldTake(TestServer server, string body, int accepted, int rejected = 0) =>
        ShouldTake(server, Encoding.UTF8.GetBytes(body), accepted, rejected);

    private static async Task<JsonElement> ShouldTake(
        TestServer server, byte[] body, int accepted, int rejected, params (string Name, string Value)[] headers)
    {
        using var response = await server.PostAsync("/api/logs", body, headers);
        var answer = await TestServer.ReadAsync(response);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.GetProperty("accepted").GetInt32().ShouldBe(accepted, answer.ToString());
        answer.GetProperty("rejected").GetInt32().ShouldBe(rejected, answer.ToString());
        return answer;
    }

    private static IEnumerable<int> ErrorLines(JsonElement answer) =>
        answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32());

    private static RecordBatch Freeze(DateTimeOffset time, string message)
    {
        var builder = new RecordBatchBuilder(SenderId.None, new RecordLimits { FutureTolerance = TimeSpan.FromDays(1) },
            TimeProvider.System);
        var record = builder.Begin();
        record.SetTime(RecordTime.From(time));
        record.SetText(NamedField.Message, message);
        record.TryCommit(builder.AddOrigin(Records.Origin.Random()), 5).ShouldBeTrue();
        return builder.Freeze();
    }

    private static byte[] Compress(string text, string coding)
    {
        using var target = new MemoryStream();
        using (Stream compressor = coding switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true),
            _ => new ZstdSharp.CompressionStream(target, leaveOpen: true),
        })
        {
            compressor.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }
}
