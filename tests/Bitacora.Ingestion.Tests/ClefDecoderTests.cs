using System.Text;

namespace Bitacora.Ingestion.Tests;

public class ClefDecoderTests
{
    [Theory]
    [InlineData("""{"@t":"2024-05-01T12:00:00Z","@m":"hello"}""", "time=2024-05-01T12:00:00.0000000Z message=hello")]
    [InlineData("""{"@mt":"User {User} in","User":"ana"}""", "message=User ana in template=User {User} in User:'ana'")]
    [InlineData("""{"@m":"done","@mt":"{X}","X":1}""", "message=done template={X} X:1")]
    [InlineData("""{"@mt":"{@P} {$P}","P":{"a": [1, 2], "b":null}}""",
        "message={\"a\":[1,2],\"b\":null} {\"a\":[1,2],\"b\":null} template={@P} {$P} P.a:'[1,2]'")]
    [InlineData("""{"@mt":"{A} {B} {C} {D}","A":1.50,"B":null,"C":true,"D":"a\nb"}""",
        "message=1.5 null true a\nb template={A} {B} {C} {D} A:1.5d C:true D:'a\nb'")]
    [InlineData("""{"@mt":"{{x}} {{{A}}}","A":1}""", "message={x} {1} template={{x}} {{{A}}} A:1")]
    [InlineData("""{"@mt":"took {Elapsed:0.000} ms of {N:000}","Elapsed":1.23456,"N":7,"@r":["1.235","007"]}""",
        "message=took 1.235 ms of 007 template=took {Elapsed:0.000} ms of {N:000} Elapsed:1.23456d N:7")]
    [InlineData("""{"@mt":"{A:0.0} {B} {C:X4} {D:0}","A":1.26,"B":2,"C":255,"D":3,"@r":["1,3"]}""",
        "message=1,3 2 00FF 3 template={A:0.0} {B} {C:X4} {D:0} A:1.26d B:2 C:255 D:3")]
    [InlineData("""{"@mt":"{A:0.00}|{A:N1}|{A:P0}|{A:F999}|{A:HH:mm}|{A:D3}","A":1234.5}""",
        "message=1234.50|1,234.5|123,450 %|1234.5|1234.5|1234.5 template={A:0.00}|{A:N1}|{A:P0}|{A:F999}|{A:HH:mm}|{A:D3} A:1234.5d")]
    [InlineData("""{"@mt":"[{A,5}][{A,-5}][{A,1}][{B,4:00}]","A":"é1","B":3}""",
        "message=[   é1][é1   ][é1][  03] template=[{A,5}][{A,-5}][{A,1}][{B,4:00}] A:'é1' B:3")]
    [InlineData("""{"@mt":"{A}[{A,5}]{A:00}[{A,-3}]{A} {B}[{B,9}]{B:x}[{B,6}]{B}","A":7,"B":[1, 2]}""",
        "message=7[    7]07[7  ]7 [1,2][    [1,2]][1,2][ [1,2]][1,2] "
        + "template={A}[{A,5}]{A:00}[{A,-3}]{A} {B}[{B,9}]{B:x}[{B,6}]{B} A:7 B:'[1,2]'")]
    [InlineData("""{"@mt":"{Missing} {\"a\": 1} { x } {} {@} {A,} { {B","@r":[]}""",
        "message={Missing} {\"a\": 1} { x } {} {@} {A,} { {B template={Missing} {\"a\": 1} { x } {} {@} {A,} { {B")]
    [InlineData("""{"@mt":"{{}} {a} {0}","@r":[]}""", "message={{}} {a} {0} template={{}} {a} {0}")]
    [InlineData("""{"@mt":"a\u007bX\u007d\\","X":"\u00f1"}""", "message=añ\\ template=a{X}\\ X:'ñ'")]
    [InlineData("""{"@mt":"{X:l}","X":"s","@r":null}""", "message=s template={X:l} X:'s'")]
    [InlineData("""{"@m":"x","@l":"Warning"}""", "level=WARNING message=x")]
    [InlineData("""{"@m":"x","@l":"WARNING"}""", "level=WARNING message=x")]
    [InlineData("""{"@m":"x","@l":"CRITICAL"}""", "level=CRITICAL message=x")]
    [InlineData("""{"@m":"x","@l":"Verbose"}""", "level=TRACE message=x")]
    [InlineData("""{"@m":"x","@l":"Fatal","@x":"E: y\n at z"}""", "level=CRITICAL message=x traceback=E: y\n at z")]
    [InlineData("""{"@m":"x","@i":4275,"@tr":"t1","@sp":"s1","@sk":"Server","@@mt":"mine","@@@x":1}""",
        "trace_id=t1 span_id=s1 message=x @i:4275 @sk:'Server' @mt:'mine' @@x:1")]
    [InlineData("""{"@t":"2024-05-01T12:00:01.5Z","@st":"2024-05-01T12:00:00Z","@m":"GET /"}""",
        "time=2024-05-01T12:00:01.5000000Z message=GET / duration_ms=1500 @st:'2024-05-01T12:00:00Z'")]
    [InlineData("""{"@m":"x","message":"p","level":"q","time":"r","SourceContext":"A.B","app":"shop","MachineName":"m","reqId":"r1"}""",
        "source=shop logger=A.B host=m request_id=r1 message=x message:'p' level:'q' time:'r'")]
    [InlineData("""{"@m":"x","metadata":{"a":1}}""", "message=x metadata.a:1")]
    [InlineData("{}", "")]
    public void Events_and_what_becomes_of_them(string line, string record) =>
        Decoded.Show(Decoded.Record(new ClefDecoder(), Encoding.UTF8.GetBytes(line))).ShouldBe(record);

    [Theory]
    [InlineData(""" {"@t":"2024-05-01","@mt":"{A}","A":1}""", "time=2024-05-01T00:00:00.0000000Z message=1 template={A} A:1")]
    [InlineData("""{ "@m":"x","level":"mine"}""", "message=x level:'mine'")]
    [InlineData("""{"@timestamp":"2024-05-01","message":"x"}""", "time=2024-05-01T00:00:00.0000000Z message=x")]
    [InlineData("""{"msg":"x","@t":"y"}""", "message=x @t:'y'")]
    public void Files_of_either_kind_are_told_apart_by_each_lines_first_name(string line, string record) =>
        Decoded.Show(Decoded.Record(new JsonOrClefDecoder(), Encoding.UTF8.GetBytes(line))).ShouldBe(record);

    [Fact]
    public void A_template_cannot_make_a_message_beyond_the_limit()
    {
        var value = new string('v', 30_000);
        var template = string.Concat(Enumerable.Repeat("{X}{X,256}", 2000));
        var record = Decoded.Record(new ClefDecoder(), Encoding.UTF8.GetBytes($$"""{"@mt":"{{template}}","X":"{{value}}"}"""));
        record.Message!.Length.ShouldBe(1 << 20);
        record.Attributes.ShouldContain(a => a.Key == "truncated");
    }

    [Fact]
    public void A_large_value_is_read_once_however_many_holes_name_it()
    {
        // Blanks are left out, so that the message stays short: reading the value again for each hole would be a billion steps.
        var template = string.Concat(Enumerable.Repeat("{X:x}{X}", 128));
        var line = $$"""{"@mt":"{{template}}","X":[1,{{new string(' ', 4 << 20)}}2]}""";
        Decoded.Record(new ClefDecoder(), Encoding.UTF8.GetBytes(line)).Message.ShouldBe(string.Concat(Enumerable.Repeat("[1,2]", 256)));
    }

    [Fact]
    public void Braces_without_end_cost_no_more_than_their_length()
    {
        // Were every brace to search the rest for its end, this would take minutes.
        var template = string.Concat(Enumerable.Repeat("{a", 500_000));
        Decoded.Record(new ClefDecoder(), Encoding.UTF8.GetBytes($$"""{"@mt":"{{template}}"}""")).Message.ShouldBe(template);
    }

    [Theory]
    [InlineData("""{"Events":[]}""", "")]
    [InlineData("""{"x":[{}],"Events":[{"a":1},{"b":[1,2]}],"y":1}""", """{"a":1}|{"b":[1,2]}|""")]
    [InlineData("""{ "events" : [ {"a":1} , 7 ] }""", """{"a":1}|7|""")]
    [InlineData("{\"Events\":[{\"a\":\n1},\n{\"b\":2}]}", """{"a": 1}|{"b":2}|""")]
    [InlineData("""{"Events":[{"a":1},{"b":""", """{"a":1}|{"b":|""")]
    [InlineData("""{"Events":[{"a":1}""", """{"a":1}|?|""")]
    [InlineData("""{"Events":[{"a":1},""", """{"a":1}|?|""")]
    [InlineData("""{"Events":[{"a":1}x]}""", """{"a":1}|x]}|""")]
    public void Raw_events_become_lines(string body, string lines) =>
        Encoding.UTF8.GetString(SeqEvents.ToLines(Encoding.UTF8.GetBytes(body)).ShouldNotBeNull()).Replace('\n', '|').ShouldBe(lines);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"Events":{}}""")]
    [InlineData("""{"other":[]}""")]
    public void A_body_without_events_is_told_apart(string body) => SeqEvents.ToLines(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Fact]
    public void Raw_events_have_their_own_names() =>
        Decoded.Show(Decoded.Record(
            new SeqEventDecoder(),
            """
            {"Timestamp":"2024-05-01 12:00:00+00:00","Properties":{"User":"ana","Level":"mine","N":2.5,"LoggerName":"a.b"},"Level":"Error",
            "MessageTemplate":"User {User} {N:0.00}","Exception":"E","Renderings":{"N":[{"Format":"0.00","Rendering":"2.50"}]}}
            """u8)).ShouldBe(
            "time=2024-05-01T12:00:00.0000000Z level=ERROR logger=a.b message=User ana 2.50 traceback=E template=User {User} {N:0.00} "
            + "User:'ana' Level:'mine' N:2.5d");
}
