using System.Net;
using System.Text.RegularExpressions;

namespace Bitacora.Server.Tests;

public partial class PageTests
{
    private const string Day = "from=2024-05-01&to=2024-05-02";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_shows_rows_with_level_time_source_message_and_traceback()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """
            {"time":"2024-05-01T10:00:00.5Z","level":"error","message":"disk full","source":"shop","traceback":"Boom\n at X","status":200}
            """);
        var page = await GetAsync(server, $"/search?q=disk&{Day}&tz=Europe/Madrid");
        page.ShouldContain("2024-05-01 12:00:00.500");
        page.ShouldContain("<b>ERROR</b>");
        page.ShouldContain(">shop</a>");
        page.ShouldContain("<div class=\"m\">disk full</div>");
        page.ShouldContain("<details open><summary>Traceback</summary><pre>Boom\n at X</pre></details>");
        page.ShouldContain("<dt>status</dt><dd>200</dd>");
        page.ShouldContain("value=\"disk\"");
    }

    [Fact]
    public async Task Nothing_from_a_record_or_the_address_becomes_markup_or_a_control_character()
    {
        await using var server = await TestServer.StartAsync();
        const string Evil = "\\\"'><script>alert(1)</script>&amp;\\u001b[31m\\u0007\\u0000\\u202e\\u0085\\ud800\\r";
        await SendAsync(server, $$$"""
            {"time":"2024-05-01T10:00:00Z","level":"error","message":"{{{Evil}}}","source":"{{{Evil}}}","logger":"{{{Evil}}}",
            "traceback":"{{{Evil}}}","k{{{Evil}}}":"{{{Evil}}}"}
            """.ReplaceLineEndings(""));
        string[] addresses =
        [
            $"/search?q=&{Day}", $"/search?q=|+count+by+source,+message&{Day}", $"/search?q=|+fields+message,source&{Day}",
            $"/?q={Uri.EscapeDataString("\"'><script>\u001b\u202e")}&last=%22%3E%3Cscript%3E&tz=%3Cscript%3E",
            "/?q=a&back=%22%3E%3Cscript%3E&cursor=%3C",
            $"/?q={Uri.EscapeDataString("<script> | cuont")}&{Day}", $"/?q=a&from=%3Cscript%3E",
                $"/?q=a&cursor=%3Cscript%3E&back=%3Cscript%3E",
        ];
        foreach (var address in addresses)
        {
            var page = await GetAsync(server, address, null);
            page.ShouldNotContain("<script");
            page.ShouldNotContain("'><");
            page.Where(c => (char.IsControl(c) && c is not '\n') || c is '\u202e').ShouldBeEmpty(address);
        }

        (await GetAsync(server, addresses[0])).ShouldContain(@"<i class=""c"">\x1b</i>[31m");
    }

    [Fact]
    public async Task The_page_runs_no_script_and_loads_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Http.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; style-src 'sha256-");
        policy.ShouldNotContain("unsafe");
        var page = await response.Content.ReadAsStringAsync(Cancel);
        var style = StyleElement().Match(page).Groups[1].Value;
        policy.ShouldContain(
            Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))));
        page.ShouldNotContain(" style=");
        page.ShouldNotContain("http://");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Fact]
    public async Task Next_and_previous_lead_through_all_pages_and_back()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server,
            string.Join('\n', Enumerable.Range(0, 25).Select(i => $$"""{"time":"2024-05-01T10:00:{{i:00}}Z","message":"no{{i}}."}""")));
        var address = $"/search?q=no&{Day}&rows=10";
        List<string> pages = [];
        while (true)
        {
            pages.Add(await GetAsync(server, address));
            if (Link(pages[^1], "next") is not { } next)
            {
                break;
            }

            address = next;
        }

        pages.Count.ShouldBe(3);
        Messages(pages[0]).ShouldBe(Enumerable.Range(15, 10).Reverse().Select(i => $"no{i}."));
        Messages(pages[2]).ShouldBe(Enumerable.Range(0, 5).Reverse().Select(i => $"no{i}."));
        Link(pages[0], "prev").ShouldBeNull();
        var second = await GetAsync(server, Link(pages[2], "prev").ShouldNotBeNull());
        Messages(second).ShouldBe(Messages(pages[1]));
        Messages(await GetAsync(server, Link(second, "prev").ShouldNotBeNull())).ShouldBe(Messages(pages[0]));
    }

    [Fact]
    public async Task An_error_stands_at_its_place_with_the_repair()
    {
        await using var server = await TestServer.StartAsync();
        var page = await GetAsync(server, "/search?q=error+%7C+cuont", HttpStatusCode.BadRequest);
        page.ShouldContain("error | <mark>cuont</mark>");
        page.ShouldContain("href=\"/search?q=error%20%7C%20count&amp;last=24h\"");
        page.ShouldContain("aria-invalid=\"true\"");
        var range = await GetAsync(server, "/search?q=a&from=someday", HttpStatusCode.BadRequest);
        range.IndexOf("id=\"fault\"",
            StringComparison.Ordinal).ShouldBeGreaterThan(range.IndexOf("name=\"from\"", StringComparison.Ordinal));
        range.ShouldNotContain("aria-invalid=\"true\"");
        (await GetAsync(server, "/search?q=a&tz=Mars", HttpStatusCode.BadRequest)).ShouldContain("This time zone is not known.");
    }

    [Theory]
    [InlineData("/search?q=a&lats=7d", "lats")]
    [InlineData("/search?q=a&last=7d&last=1h", "last")]
    [InlineData("/?limit=50", "limit")]
    public async Task A_parameter_that_is_unknown_or_repeated_is_named_and_nothing_is_searched(string address, string name)
    {
        await using var server = await TestServer.StartAsync();
        var page = await GetAsync(server, address, HttpStatusCode.BadRequest);
        page.ShouldContain($"a parameter that is not known, or has it twice: {name}. There are q, last, from, to, tz, rows, cursor, back.");
        page.ShouldContain("<form");
    }

    [Fact]
    public async Task Groups_are_a_table_and_counts_over_time_a_chart()
    {
        await using var server = await TestServer.StartAsync();
        await SendAsync(server, """
            {"time":"2024-05-01T10:00:00Z","message":"a"}
            {"time":"2024-05-01T10:30:00Z","message":"a"}
            {"time":"2024-05-01T12:00:00Z","message":"b"}
            """);
        var page = await GetAsync(server, $"/search?q=|+count+by+time(1h)&{Day}");
        page.ShouldContain("<figure><svg");
        ChartBar().Count(page).ShouldBe(2);
        page.ShouldContain("<td class=\"t\">2024-05-01 10:00:00</td><td class=\"n\">2</td>");
        var top = await GetAsync(server, $"/search?q=|+top+5+message&{Day}");
        top.ShouldContain("<td>a</td><td class=\"n\">2</td>");
        top.ShouldNotContain("<figure>");
        (await GetAsync(server, $"/search?q=|+stats+avg(duration_ms)&{Day}")).ShouldContain("<td class=\"none\">none</td>");
    }

    [Fact]
    public async Task An_empty_answer_leads_to_the_newest_older_record()
    {
        await using var server = await TestServer.StartAsync();
        (await GetAsync(server, "/")).ShouldContain("nothing is stored yet");
        await SendAsync(server, """{"time":"2024-05-01T10:00:00Z","message":"long ago"}""");
        var page = await GetAsync(server, "/search?q=ago");
        page.ShouldContain("Nothing found.");
        var link = OlderLink().Match(page).Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        Messages(await GetAsync(server, link)).ShouldBe(["long ago"]);
    }

    [Theory]
    [InlineData("es-MX,es;q=0.9,en;q=0.5", "Buscar")]
    [InlineData("en-GB,es;q=0.9", "Search")]
    [InlineData("de", "Search")]
    [InlineData(";;q=,,x", "Search")]
    public async Task The_page_speaks_the_readers_language(string accepted, string word)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await server.Http.SendAsync(request, Cancel);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldContain($"<button>{word}</button>");
    }

    private static async Task SendAsync(TestServer server, string lines)
    {
        using var response = await server.PostAsync("/api/logs", lines);
        (await TestServer.ReadAsync(response)).GetProperty("rejected").GetInt32().ShouldBe(0);
    }

    private static async Task<string> GetAsync(TestServer server, string address, HttpStatusCode? status = HttpStatusCode.OK)
    {
        using var response = await server.Http.GetAsync(new Uri(address, UriKind.Relative), Cancel);
        if (status is { } expected)
        {
            response.StatusCode.ShouldBe(expected);
        }

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static string? Link(string page, string rel) =>
        Regex.Match(page, $"<a rel=\"{rel}\" href=\"([^\"]*)\"") is { Success: true } match
            ? match.Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal)
            : null;

    private static string[] Messages(string page) => [.. Message().Matches(page).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("<div class=\"m\">([^<]*)</div>")]
    private static partial Regex Message();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();

    [GeneratedRegex("<rect rx=\"1\"")]
    private static partial Regex ChartBar();

    [GeneratedRegex("<a href=\"([^\"]*)\">Show the newest older ones</a>")]
    private static partial Regex OlderLink();
}
