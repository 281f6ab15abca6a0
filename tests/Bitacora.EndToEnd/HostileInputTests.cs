using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// Bad input against the real server: each gets its error or its flag, the records beside it are stored, memory stays bounded.
/// </summary>
public sealed class HostileInputTests
{
    private const string Good = """{"message":"good","source":"hostile"}""";

    [Theory]
    [InlineData("""{"message":"unfinished""")]
    [InlineData("""not json at all""")]
    [InlineData("""{"a":1}}""")]
    [InlineData("\0\0\0\0")]
    public async Task A_broken_line_is_refused_by_number_and_its_neighbours_are_stored(string bad)
    {
        await using var test = await Test.StartAsync();

        var answer = await test.PostAsync($"{Good}\n{bad}\n{Good}\n");

        ((int)answer["accepted"]!, (int)answer["rejected"]!).ShouldBe((2, 1));
        ((int)answer["errors"]![0]!["line"]!).ShouldBe(2);
        ((string)answer["errors"]![0]!["reason"]!).Length.ShouldBeGreaterThan(5);
        (await Stored.RowsAsync(test.Http, "source:hostile")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Strange_lines_are_stored_and_flagged_and_shown_safely()
    {
        await using var test = await Test.StartAsync();
        var fields = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"f{i}\":{i}"));
        var deep = new string('[', 10_000) + new string(']', 10_000);
        var lines = new[]
        {
            $$"""{"message":"many fields","source":"hostile",{{fields}}}""",
            """{"message":"lone \ud800 surrogate","source":"hostile"}""",
            """{"message":"nul \u0000 inside","source":"hostile"}""",
            """{"message":"\u001b[31mred\u001b]0;title\u0007","source":"hostile"}""",
            """{"message":"past","time":"1969-07-20T20:17:40Z","source":"hostile"}""",
            """{"message":"future","time":"2100-01-01T00:00:00Z","source":"hostile"}""",
            $$"""{"message":"{{new string('x', 3 << 20)}}","source":"hostile"}""",
            $$"""{"message":"deep","source":"hostile","deep":{{deep}}}""",
            Good,
        };

        var answer = await test.PostAsync(string.Join('\n', lines) + "\n");

        ((int)answer["accepted"]! + (int)answer["rejected"]!).ShouldBe(lines.Length);
        ((int)answer["rejected"]!).ShouldBeLessThanOrEqualTo(2, answer.ToJsonString());
        var rows = await Stored.RowsAsync(test.Http, "source:hostile");
        rows.Count.ShouldBe((int)answer["accepted"]!);
        rows.Count(row => (string?)row["message"] == "good").ShouldBe(1);
        Row(rows, "many fields")["attributes"]!["truncated"]!.GetValue<bool>().ShouldBeTrue();
        Row(rows, "past")["attributes"]!["original_time"]!.GetValue<string>().ShouldStartWith("1969-07-20");
        Row(rows, "future")["attributes"]!["original_time"]!.GetValue<string>().ShouldStartWith("2100-01-01");
        Row(rows, "lone")["message"]!.GetValue<string>().ShouldContain("\ufffd");

        await using var search = RunningProcess.Start(["search", "source:hostile", "--server", test.Url]);
        search.Input.Close();
        (await search.WaitAsync()).ShouldBe(0, search.Talk);
        string.Concat(search.Output).ShouldNotContain("\u001b]");
        string.Concat(search.Output).ShouldNotContain("\u001b[31m");
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_replaced_and_stored()
    {
        await using var test = await Test.StartAsync();
        byte[] line = [.. """{"message":"caf"""u8, 0xE9, .. """ latin-1","source":"hostile"}"""u8, (byte)'\n'];

        var answer = await test.PostAsync(line);

        ((int)answer["accepted"]!).ShouldBe(1, answer.ToJsonString());
        var row = (await Stored.RowsAsync(test.Http, "source:hostile")).ShouldHaveSingleItem();
        ((string)row["message"]!).ShouldBe("caf\ufffd latin-1");
    }

    [Fact]
    public async Task A_gzip_bomb_is_bounded_in_memory_and_the_server_goes_on()
    {
        await using var test = await Test.StartAsync("--set", "ingest:body=64MiB");
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 1024; i++)
            {
                await gzip.WriteAsync(zeros);
            }
        }

        using var content = new ByteArrayContent(bomb.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await test.Http.PostAsync(new Uri("/api/logs", UriKind.Relative), content);

        response.StatusCode.ShouldBeOneOf(HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest);
        ((int)(await test.PostAsync(Good + "\n"))["accepted"]!).ShouldBe(1);
        test.PeakMemoryMiB.ShouldBeLessThan(700);
    }

    private static JsonObject Row(List<JsonObject> rows, string prefix) =>
        rows.Single(row => ((string)row["message"]!).StartsWith(prefix, StringComparison.Ordinal));

    private sealed class Test(TemporaryDirectory directory, ServerProcess server) : IAsyncDisposable
    {
        public HttpClient Http => server.Http;

        public string Url => server.Url;

        /// <summary>The most resident memory that the server has had, from the system.</summary>
        public int PeakMemoryMiB => int.Parse(
            File.ReadLines($"/proc/{server.Process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture) / 1024;

        public static async Task<Test> StartAsync(params string[] arguments)
        {
            var directory = new TemporaryDirectory();
            return new Test(directory, await ServerProcess.StartAsync(directory["data"], arguments));
        }

        public Task<JsonObject> PostAsync(string body) => PostAsync(Encoding.UTF8.GetBytes(body));

        public async Task<JsonObject> PostAsync(byte[] body)
        {
            using var content = new ByteArrayContent(body);
            using var response = await Http.PostAsync(new Uri("/api/logs", UriKind.Relative), content);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        }

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            directory.Dispose();
        }
    }
}
