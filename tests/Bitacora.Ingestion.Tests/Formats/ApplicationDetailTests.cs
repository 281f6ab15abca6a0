using System.Text;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>What applications write beside what the samples show, and what only looks like it.</summary>
public class ApplicationDetailTests
{
    private const string At = "time=2023-11-23T05:51:01.0000000Z ";

    private static readonly FormatContext Context = new(
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"), new DateTimeOffset(2023, 11, 23, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("python", "[2023-11-23 06:51:01] ERROR in app: Exception on /", At + "level=ERROR logger=app message=Exception on /")]
    [InlineData("python", "[2023-11-23 06:51:01] INFO [shop.a:12] x", At + "logger=shop.a message=x code.line.number:12")]
    [InlineData("python", "2023-11-23 06:51:01 +0100 INFO a: x", At + "logger=a message=x")]
    [InlineData("python", "2023-11-23T05:51:01Z - a - INFO - ", At + "logger=a")]
    [InlineData("python", "[2023-11-23 06:51:01] INFO [a] ", At + "logger=a")]
    [InlineData("python", "2023-11-23 06:51:01 FATAL a: x", At + "level=CRITICAL logger=a message=x")]
    [InlineData("log4j", "2023-11-23 06:51:01 [a c[b]] WARN x.Y -", At + "level=WARNING logger=x.Y thread.name:'a c[b]'")]
    [InlineData("log4j", "06:51:01 [m] INFO x.Y - z", At + "logger=x.Y message=z thread.name:'m'")]
    [InlineData("log4j", "5 [m] INFO x.Y user 7 - z", "logger=x.Y message=z thread.name:'m' log4j.elapsed_ms:5 log4j.context:'user 7'")]
    [InlineData(
        "log4j",
        "2023-11-23 06:51:01 INFO 7 --- [shop] [  main] [803B448A0489F84084905D3093480352-3425F23BB2432450] a.B : x",
        At + "logger=a.B trace_id=803B448A0489F84084905D3093480352 span_id=3425F23BB2432450 message=x"
            + " thread.name:'main' process.pid:7 spring.application.name:'shop'")]
    [InlineData("log4j", "2023-11-23 06:51:01 INFO 7 --- [shop] [main] [ ] a.B : x",
        At + "logger=a.B message=x thread.name:'main' process.pid:7 spring.application.name:'shop'")]
    [InlineData("log4j", "2023-11-23 06:51:01 INFO  --- [main] a.B : x", At + "logger=a.B message=x thread.name:'main'")]
    [InlineData("log4j", "2023-11-23 06:51:01 INFO a: x\nA.B.SocketException (0x80004005): refused\n   at A.B()",
        At + "logger=a message=x traceback=A.B.SocketException (0x80004005): refused\n   at A.B()")]
    [InlineData("python", "INFO:a:x\nTypeError [ERR_INVALID_URL]: Invalid URL\n    at new URL (node:internal/url:797:36)",
        "logger=a message=x traceback=TypeError [ERR_INVALID_URL]: Invalid URL\n    at new URL (node:internal/url:797:36)")]
    [InlineData("python", "INFO:a:x\nSome text (in here): text\n   at noon", "logger=a message=x\nSome text (in here): text\n   at noon")]
    [InlineData("gunicorn", "[2023-11-23 05:51:01 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:8)",
        At + "level=CRITICAL source=gunicorn logger=gunicorn.error message=WORKER TIMEOUT (pid:8) process.pid:7")]
    [InlineData("go", "2023/11/23 06:51:01 /srv/a.go:7: x: y", At + "message=x: y code.file.path:'/srv/a.go' code.line.number:7")]
    [InlineData("go", "2023/11/23 06:51:01 proxy:80: x", At + "message=proxy:80: x")]
    [InlineData("go", "fatal error: all goroutines are asleep", "level=CRITICAL message=fatal error: all goroutines are asleep")]
    [InlineData("dotnet-simple", "06:51:01 warn: A.B`1[-2] => scope x", At + "level=WARNING logger=A.B`1 message==> scope x EventId:-2")]
    [InlineData("dotnet-simple", "info: A[0]", "logger=A EventId:0")]
    [InlineData("dotnet-systemd", "<4>A.B[7] x", "level=WARNING logger=A.B message=x EventId:7")]
    [InlineData("django-server", "\u001b[33m[23/Nov/2023 06:51:01] \"GET /a\"b HTTP/1.1\" 404 -\u001b[0m",
        At + "level=WARNING logger=django.server message=GET /a\"b 404 http.request.method:'GET' url.path:'/a\"b'"
            + " network.protocol.version:'1.1' http.response.status_code:404")]
    [InlineData("django-server", "Method Not Allowed (POST): /a",
        "level=WARNING logger=django.request message=Method Not Allowed (POST): /a")]
    [InlineData("django-server", "an \u001b[ escape \u001b[1;31mred", "message=an \u001b[ escape red")]
    [InlineData("logfmt", "ts=2023-11-23T06:51:01 level=info msg=x", At + "message=x")]
    [InlineData("logfmt", "a=1 b=01 c=\"1\" d=1e400 e=null f",
        "message=a=1 b=01 c=\"1\" d=1e400 e=null f a:1 b:'01' c:'1' d:'1e400' e:'null' f:true")]
    [InlineData("logfmt", "msg=\"a \\\"b\\\" \\\\ \\u0041\u0001\" x=a\"b", "message=a \"b\" \\ u0041\u0001 x:'a\"b'")]
    [InlineData("json", """{"asctime":"2023-11-23 06:51:01","levelname":"INFO","message":"x"}""", At + "message=x")]
    [InlineData("json", """{"log":"x\n\n","stream":"stdout"}""", "message=x\n stream:'stdout'")]
    [InlineData("json", """{"log":"x\n","stdout":true}""", "message=x\n stdout:true")]
    [InlineData("json", """{"pid":1,"hostname":"h","v":1,"level":"info","name":"n"}""", "host=h pid:1 v:1 name:'n'")]
    [InlineData("json", """{"MESSAGE":[104,105],"TAG":["a", "b"],"X":[1, 300],"__REALTIME_TIMESTAMP":"x","PRIORITY":"9"}""",
        "layer=infrastructure message=hi TAG:'[\"a\",\"b\"]' X:'[1,300]' PRIORITY:'9' original_time:'x'")]
    [InlineData("json", """{"__REALTIME_TIMESTAMP":"1700718661000000","_PID":"x","SYSLOG_PID":"7 ","O":{"a": 1}}""",
        At + "layer=infrastructure O:'{\"a\":1}' SYSLOG_PID:'7 ' _PID:'x'")]
    public void A_record_is_read(string format, string line, string record) =>
        Decoded.Show(Decoded.Record(LogFormats.Find(format)!.Create(Context), Encoding.UTF8.GetBytes(line))).ShouldBe(record);

    [Theory]
    [InlineData("python", "2023-11-23T06:44:13.894032+00:00 WEB sshd: text")]
    [InlineData("python", "2023-11-23 07:41:37 CET [18879]: [3-1] user=postgres")]
    [InlineData("python", "2023-11-23 06:51:01 Starting shop: now")]
    [InlineData("python", "Note:this is:a sentence")]
    [InlineData("python", "FATAL:role:missing")]
    [InlineData("python", "[2023-11-23 06:51:01 +0000] [7] [INFO] Booting")]
    [InlineData("log4j", "2023-11-23T06:44:13.894032+00:00 WEB sshd: text")]
    [InlineData("log4j", "5 [m] items x - y")]
    [InlineData("log4j", "2023-11-23 06:51:01,944 [main] ERROR no dash")]
    [InlineData("log4j", "2023-11-23 06:51:01 INFO 7 --- [main] two words : x")]
    [InlineData("log4j", "2023-11-23 06:51:01 INFO 7 --- [a] [b] [no trace] c : x")]
    [InlineData("gunicorn", "[2023-11-23 06:51:01,944] [7] text")]
    [InlineData("go", "2023-11-23 06:51:01 text")]
    [InlineData("dotnet-simple", "info: text without an event")]
    [InlineData("dotnet-simple", "note: A.B[7]")]
    [InlineData("dotnet-systemd", "<6>Nov 23 06:44:13 web1 sshd[1234]: text")]
    [InlineData("dotnet-systemd", "<6>2023-11-23T06:44:13Z web1 sshd[1234]: text")]
    [InlineData("dotnet-systemd", "<5>A.B[7] text")]
    [InlineData("django-server", "[23/Nov/2023:06:42:18 +0000] \"GET / HTTP/1.1\" 200 2")]
    [InlineData("logfmt", "one=pair")]
    [InlineData("logfmt", "a sentence with a=b and c=d")]
    [InlineData("logfmt", "a=b but more words than c=d")]
    [InlineData("logfmt", "a=b c=d \"quoted\"")]
    public void A_line_that_only_looks_alike_begins_no_record(string format, string line) =>
        LogFormats.Find(format)!.Create(Context).Classify(Encoding.UTF8.GetBytes(line), out _).ShouldNotBe(LineRole.Start);
}
