using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>What a FastCGI program writes to its standard error stands in nginx's error log as it is, line ends too.</summary>
public class NginxErrorTests
{
    private const string Head = "2024/05/01 12:30:05 [error] 321#321: *7 ";

    private const string Behind = " while reading response header from upstream, client: 203.0.113.7, server: example.com, "
        + "request: \"GET /a?b=1 HTTP/1.1\", upstream: \"fastcgi://unix:/run/php/php8.2-fpm.sock:\", host: \"example.com\"";

    private const string Plain = Head + "open() \"/srv/www/a\" failed (2: No such file or directory), client: 203.0.113.7, server: ";

    [Theory]
    [InlineData("PHP message: PHP Fatal error:  Uncaught Exception: boom in /srv/index.php:3\nStack trace:\n#0 {main}\n  thrown in 3", 3)]
    [InlineData("PHP message: a\n\n{\"msg\":\"no record of its own\"}\n2024-05-01 12:00:00,000 INFO shop: nor this", 3)]
    [InlineData("PHP message: of \"x\" while y, z", 0)]
    public async Task Lines_within_its_quotes_are_joined(string said, int joined)
    {
        var text = $"FastCGI sent in stderr: \"{said}\"";
        var reading = await Read($"{Plain}\n{Head}{text}{Behind}\n{Plain}\n");
        reading.Format.Format.Id.ShouldBe("nginx-error");
        (reading.Reader.Accepted, reading.Reader.Joined, reading.Reader.Empty, reading.Reader.Undecoded).ShouldBe((3, joined, 0, 0));
        var record = reading.Records[1].Record;
        record.Level.ShouldBe(Level.Error);
        record.Message.ShouldBe(text + " while reading response header from upstream");
        record.Attributes.ShouldContain(KeyValuePair.Create("client.address", AttributeValue.From("203.0.113.7")));
        record.Attributes.ShouldContain(KeyValuePair.Create("url.query", AttributeValue.From("b=1")));
        record.Attributes.ShouldContain(KeyValuePair.Create("http.request.header.host", AttributeValue.From("example.com")));
    }

    [Fact]
    public async Task A_file_of_nothing_else_is_known()
    {
        var trace = string.Concat(Enumerable.Range(0, 30).Select(i => $"\n#{i} /srv/index.php({i}): f()"));
        var reading = await Read(string.Concat(Enumerable.Repeat($"{Head}FastCGI sent in stderr: \"PHP message: a{trace}\"{Behind}\n", 3)));
        reading.Format.Format.Id.ShouldBe("nginx-error");
        (reading.Reader.Accepted, reading.Reader.Joined).ShouldBe((3, 90));
    }

    [Fact]
    public async Task What_nginx_has_cut_ends_where_its_next_record_begins()
    {
        var reading = await Read($"{Head}FastCGI sent in stderr: \"PHP message: a\nStack tr\n{Plain}\nnobody's\n{Plain}\n");
        reading.Records.Select(one => one.Record.Message).ShouldBe(
        [
            "FastCGI sent in stderr: \"PHP message: a\nStack tr", "open() \"/srv/www/a\" failed (2: No such file or directory)",
            "nobody's", "open() \"/srv/www/a\" failed (2: No such file or directory)",
        ]);
        reading.Reader.Undecoded.ShouldBe(1);
    }

    [Fact]
    public async Task One_line_of_nginx_does_not_make_a_file_of_other_lines_its_own()
    {
        var reading = await Read($"{Plain}\none\ntwo\nthree\n");
        reading.Format.Format.Id.ShouldNotBe("nginx-error");
        reading.Reader.Undecoded.ShouldBe(0);
    }

    private static Task<FormatReading> Read(string text) =>
        FormatReading.ReadAsync(Encoding.UTF8.GetBytes(text), new FormatContext(TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch));
}
