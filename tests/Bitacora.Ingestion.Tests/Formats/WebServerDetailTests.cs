using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Lines of web servers in which a client has had a hand.</summary>
public class WebServerDetailTests
{
    private const string Time = "[01/May/2024:12:00:00 +0000]";

    [Theory]
    [InlineData($"192.0.2.1 - x [y] {Time} \"GET / HTTP/1.1\" 200 1", "x [y]", "GET / 200")]
    [InlineData($"192.0.2.1 - x {Time} \\x22GET /b {Time} \"GET /a HTTP/1.1\" 200 1 \"-\" \"-\"", $"x {Time} \"GET /b", "GET /a 200")]
    [InlineData($"192.0.2.1:5678 - al ice {Time} \"-\" 400 0", "al ice", "- 400")]
    [InlineData($"s:80 192.0.2.1 - al ice {Time} \"x\\ty\" - -", "al ice", "x\\ty")]
    [InlineData($"host.example.com - - {Time} \"GET /\\xC3\\xA9\\x85 HTTP/1.1\" 200 1", null, "GET /\\xC3\\xA9\\x85 200")]
    [InlineData($"192.0.2.1 - - {Time} \"GET /\\xC3\\xA9\\\\ HTTP/1.1\" 200 1", null, "GET /é\\ 200")]
    [InlineData($"192.0.2.1 - - {Time} \"GET /\\xC2\\x85 HTTP/1.1\" 200 1", null, "GET /\\xC2\\x85 200")]
    [InlineData($"192.0.2.1 - - {Time} \"\\x1\" 400 1", null, "\\x1 400")]
    public void An_access_line_is_anchored_where_no_client_can_write(string line, string? user, string message)
    {
        var decoder = ServerLines.Decoder("access");
        decoder.Classify(Encoding.UTF8.GetBytes(line), out _).ShouldBe(LineRole.Start);
        var record = Decoded.Record(decoder, Encoding.UTF8.GetBytes(line));
        RecordTime.Format(record.Time).ShouldStartWith("2024-05-01T12:00:00");
        record.Attributes.FirstOrDefault(attribute => attribute.Key == "user.name").Value.ShouldBe(
            user is null ? default : AttributeValue.From(user));
        record.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData($"192.0.2.1 - - {Time} \"GET /\\\" HTTP/1.1 200 1", true)]
    [InlineData($"192.0.2.1 - - {Time} \"GET / HTTP/1.1\" 200 1 \"-\" \"cut", true)]
    [InlineData($"192.0.2.1 - - {Time} \"GET / HTTP/1.1\" 200 1 \"-\"", true)]
    [InlineData($"192.0.2.1 - - {Time} \"GET / HTTP/1.1\" 2x0 1", true)]
    [InlineData($"192.0.2.1 - - {Time} \"GET / HTTP/1.1\"", true)]
    [InlineData($"web_1 | 192.0.2.1 - - {Time} \"GET / HTTP/1.1\" 200 1", false)]
    [InlineData($"May  1 12:00:00 web1 nginx: 192.0.2.1 - - {Time} \"GET / HTTP/1.1\" 200 1", false)]
    [InlineData($"{Time} \"GET / HTTP/1.1\" 200 1", false)]
    [InlineData("[01/May/2024 12:00:00] \"GET / HTTP/1.1\" 200 1", false)]
    public void What_is_not_an_access_line_or_not_all_of_one_is_not_read(string line, bool looksLikeOne)
    {
        var decoder = ServerLines.Decoder("access");
        decoder.Classify(Encoding.UTF8.GetBytes(line), out _).ShouldBe(looksLikeOne ? LineRole.Start : LineRole.Foreign);
        Decoded.Reason(decoder, Encoding.UTF8.GetBytes(line)).ShouldNotBeNull();
    }

    [Fact]
    public void A_time_without_an_offset_is_in_the_inputs_zone() =>
        RecordTime.Format(Decoded.Record(
            ServerLines.Decoder("access"), "192.0.2.1 - - [01/May/2024:12:00:00] \"GET / HTTP/1.1\" 200 1"u8).Time)
            .ShouldStartWith("2024-05-01T10:00:00");

    [Theory]
    [InlineData("/var/log/nginx/access.log", "nginx")]
    [InlineData("/var/log/apache2/other_vhosts_access.log", "apache")]
    [InlineData("/var/log/httpd/access_log", "apache")]
    [InlineData("/srv/apache/nginx-proxy.log", "nginx")]
    [InlineData("/var/log/lighttpd/access.log", null)]
    [InlineData(null, null)]
    public void The_path_says_which_server_wrote_an_access_log(string? path, string? source)
    {
        var decoder = LogFormats.Find("access")!.Create(new FormatContext(TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch) { Path = path });
        Decoded.Record(decoder, "192.0.2.1 - - [01/May/2024:12:00:00 +0000] \"GET / HTTP/1.1\" 200 1"u8).Source.ShouldBe(source);
    }

    [Theory]
    [InlineData("x, host: \"h\"", "x", "http.request.header.host:'h'")]
    [InlineData(
        "x, client: 192.0.2.1, server: s, request: \"GET /a\", host: \"b c\" HTTP/1.1\"",
        "x",
        "nginx.request:'GET /a\", host: \"b c\" HTTP/1.1' server.address:'s' client.address:'192.0.2.1'")]
    [InlineData(
        "x, client: 192.0.2.1, server: s, request: \"GET /a HTTP/1.1\", host: \"h\", referrer: \"a, client: 6.6.6.6\"",
        "x",
        "http.request.header.referer:'a, client: 6.6.6.6' http.request.header.host:'h' http.request.method:'GET' url.path:'/a' "
        + "network.protocol.version:'1.1' server.address:'s' client.address:'192.0.2.1'")]
    [InlineData("open() \"/a, client: 6.6.6.6\" failed, client: 192.0.2.1, server: ", "open() \"/a, client: 6.6.6.6\" failed",
        "client.address:'192.0.2.1'")]
    [InlineData("x, client: 192.0.2.1, server: , request: \"GET /yyy", "x", "nginx.request:'GET /yyy' client.address:'192.0.2.1'")]
    [InlineData("a, client: b c", "a, client: b c", "")]
    [InlineData("*12 a\0b", "a\0b", "nginx.connection:12")]
    [InlineData("*x", "*x", "")]
    public void Keys_of_an_nginx_error_are_read_from_the_right(string text, string message, string attributes) =>
        Decoded.Show(Decoded.Record(ServerLines.Decoder("nginx-error"), Encoding.UTF8.GetBytes("2024/05/01 14:00:00 [error] 1#2: " + text)))
            .ShouldBe(
                "time=2024-05-01T12:00:00.0000000Z level=ERROR layer=infrastructure source=nginx logger=error message="
                + (message + " process.pid:1 thread.id:2 " + attributes).TrimEnd());

    [Theory]
    [InlineData(
        "(70007)The timeout specified has expired: [client 192.0.2.1:5] AH01075: x",
        "(70007)The timeout specified has expired: AH01075: x",
        "apache.error_code:'AH01075' client.port:5 client.address:'192.0.2.1'")]
    [InlineData("mod_a.c(12): (2)No: AH00001: x", "mod_a.c(12): (2)No: AH00001: x", "apache.error_code:'AH00001'")]
    [InlineData(
        "[client 192.0.2.1] AH1: a, referer: b, referer: c",
        "AH1: a, referer: b",
        "client.address:'192.0.2.1' http.request.header.referer:'c'")]
    [InlineData("a, referer: b", "a, referer: b", "")]
    [InlineData("[other] (x) text", "[other] (x) text", "")]
    [InlineData("[client", "[client", "")]
    public void An_apache_error_has_its_client_before_or_within_the_text(string text, string message, string attributes) =>
        Decoded.Show(Decoded.Record(
            ServerLines.Decoder("apache-error"), Encoding.UTF8.GetBytes("[Wed May 01 14:00:00.5 2024] [proxy:error] [pid 7] " + text)))
            .ShouldBe(
                "time=2024-05-01T12:00:00.5000000Z level=ERROR layer=infrastructure source=apache logger=proxy message="
                + (message + " process.pid:7 " + attributes).TrimEnd());
}
