using System.Globalization;
using System.Text;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests;

public class JsonLineDecoderTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData(""" { "message" : "hello" } """, "message=hello")]
    [InlineData("""{"message":"a\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00"}""", "message=a\"\\/\b\f\n\r\tAé😀")]
    [InlineData("""{"message":"\ud800","msg":"x"}""", "message=\uFFFD msg:'x'")]
    [InlineData("""{"message":"\ud800\ud800\udc00|\udc00\ud800"}""", "message=\uFFFD𐀀|\uFFFD\uFFFD")]
    [InlineData("""{"m\u0065ssage":"x"}""", "message=x")]
    [InlineData("""{"msg":"second","message":"first"}""", "message=first msg:'second'")]
    [InlineData("""{"event":"login","msg":"x"}""", "message=x event:'login'")]
    [InlineData("""{"event":"login"}""", "message=login")]
    [InlineData("""{"message":"","msg":"x"}""", "message=x")]
    [InlineData("""{"message":null,"msg":"x"}""", "message=x")]
    [InlineData("""{"message":1,"message":2}""", "message=1")]
    [InlineData("""{"message":"a","message":"b","level":"INFO","level":"ERROR"}""", "message=a")]
    [InlineData("""{"message":42,"user_id":12345678901234567890,"request_id":true,"source":1.50,"logger":[1, "a b"]}""",
        "source=1.5 logger=[1,\"a b\"] request_id=true user_id=12345678901234567890 message=42")]
    [InlineData("""{"message":{"text":"x"}}""", "message.text:'x'")]
    [InlineData("""{"a":1,"b":-1.5,"c":true,"d":false,"e":null,"f":"","g":{},"h":[],"i":[{"x": [1, 2]}]}""",
        "a:1 b:-1.5d c:true d:false f:'' h:'[]' i:'[{\"x\":[1,2]}]'")]
    [InlineData("""{"a.b":1,"a":{"b":2,"c":{"d":3}}}""", "a.b:1 a.c.d:3")]
    [InlineData("""{"x":1,"x":2}""", "x:1")]
    [InlineData("""{"n":9223372036854775807,"m":9223372036854775808,"o":1e400,"p":1E2,"q":-0}""",
        "n:9223372036854775807 m:9.223372036854776E+18d o:'1e400' p:100d q:0")]
    [InlineData("""{"x":NaN,"y":-Infinity}""", "x:'NaN' y:'-Infinity'")]
    [InlineData("""{"metadata":{"request_id":"r","deep":{"x":1}},"extra":{"k":"v"},"attributes":{"time":"t"}}""",
        "request_id:'r' deep.x:1 k:'v' time:'t'")]
    [InlineData("""{"metadata":"text","x":{"metadata":{"y":1}}}""", "metadata:'text' x.metadata.y:1")]
    [InlineData("""{"layer":"infrastructure"}""", "layer=infrastructure")]
    [InlineData("""{"layer":"attic"}""", "layer:'attic'")]
    [InlineData("""{"duration_ms":1.5}""", "duration_ms=1.5")]
    [InlineData("""{"duration_ms":"1878.217"}""", "duration_ms=1878.217")]
    [InlineData("""{"duration_ms":"soon"}""", "duration_ms:'soon'")]
    [InlineData("""{"duration_ms":true}""", "duration_ms:true")]
    [InlineData("""{"log":{"level":"warn","logger":"a.b"},"service":{"name":"shop"},"error":{"type":"E","stack_trace":"E\n at x"}}""",
        "level=WARNING source=shop logger=a.b traceback=E\n at x error.type:'E'")]
    [InlineData("""{"err":{"type":"E","message":"m","stack":"s"}}""", "traceback=s err.type:'E' err.message:'m'")]
    [InlineData("""{"exc_info":true,"stack_info":null}""", "exc_info:true")]
    [InlineData("""{"name":"John"}""", "name:'John'")]
    [InlineData("""{"name":"shop.orders","levelname":"ERROR"}""", "level=ERROR logger=shop.orders")]
    [InlineData("{\"a\\u0000b\":\"\\u0000\",\"c\":\"\u0001\"}", "a\0b:'\0' c:'\u0001'")]
    [InlineData("""{"ñ":{"😀":"é"}}""", "ñ.😀:'é'")]
    [InlineData("""{"":1,"a":{"":2}}""", "a.:2")]
    public void Lines_and_what_becomes_of_them(string line, string record) => Decoded.Show(Decoded.Json(line)).ShouldBe(record);

    [Theory]
    [InlineData("\"INFO\"", "")]
    [InlineData("\"notice\"", "level_text:'notice'")]
    [InlineData("\"Information\"", "")]
    [InlineData("\"wrn\"", "level=WARNING")]
    [InlineData("\"PANIC\"", "level=CRITICAL level_text:'PANIC'")]
    [InlineData("\"bogus\"", "level_text:'bogus'")]
    [InlineData("\"\"", "")]
    [InlineData("null", "")]
    [InlineData("10", "level=DEBUG")]
    [InlineData("40", "level=ERROR")]
    [InlineData("25", "severity_number:25")]
    [InlineData("5", "level=TRACE severity_number:5")]
    [InlineData("60", "level=CRITICAL severity_number:60")]
    [InlineData("1e300", "level=CRITICAL severity_number:1E+300d")]
    [InlineData("true", "level_text:'true'")]
    public void Levels_are_mapped_and_what_says_more_is_kept(string level, string record) =>
        Decoded.Show(Decoded.Json($$"""{"level":{{level}}}""")).ShouldBe(record);

    [Fact]
    public void Pinos_and_bunyans_numbers_are_their_own()
    {
        Decoded.Show(Decoded.Json("""{"level":30,"time":1714566605123,"pid":657,"hostname":"box","msg":"hello"}"""))
            .ShouldBe("time=2024-05-01T12:30:05.1230000Z host=box message=hello pid:657");
        Decoded.Show(Decoded.Json("""{"name":"app","hostname":"box","pid":1,"level":50,"msg":"x","time":1714566605123,"v":0}"""))
            .ShouldBe("time=2024-05-01T12:30:05.1230000Z level=ERROR logger=app host=box message=x pid:1 v:0");
        Decoded.Show(Decoded.Json("""{"level":60,"time":1714566605,"pid":1,"hostname":"b"}"""))
            .ShouldBe("time=2024-05-01T12:30:05.0000000Z level=CRITICAL host=b pid:1");

        // A time as text is not theirs, so the level is Python's.
        Decoded.Json("""{"level":30,"time":"2024-05-01","pid":1,"hostname":"b"}""").Level.ShouldBe(Level.Warning);
    }

    [Theory]
    [InlineData("\"2024-05-01\"", "2024-05-01T00:00:00.0000000Z")]
    [InlineData("\"2024-05-01T12:30\"", "2024-05-01T12:30:00.0000000Z")]
    [InlineData("\"2024-05-01T12:30:05Z\"", "2024-05-01T12:30:05.0000000Z")]
    [InlineData("\"2024-05-01t12:30:05.1z\"", "2024-05-01T12:30:05.1000000Z")]
    [InlineData("\"2024-05-01T12:30:05.123456789+02:00\"", "2024-05-01T10:30:05.1234567Z")]
    [InlineData("\"2024-05-01T12:30:05.12345678901234567890+0330\"", "2024-05-01T09:00:05.1234567Z")]
    [InlineData("\"2024-05-01 12:30:05,123\"", "2024-05-01T12:30:05.1230000Z")]
    [InlineData("\"2024-05-01 12:30:05.5 +02\"", "2024-05-01T10:30:05.5000000Z")]
    [InlineData("\"2024/05/01 12:30:05 UTC\"", "2024-05-01T12:30:05.0000000Z")]
    [InlineData("\"2016-12-31T23:59:60Z\"", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("\"2024-02-29T00:00:00+00:00\"", "2024-02-29T00:00:00.0000000Z")]
    [InlineData("1714566605", "2024-05-01T12:30:05.0000000Z")]
    [InlineData("1714566605.1234567", "2024-05-01T12:30:05.1234567Z")]
    [InlineData("1714566605.12345678", "2024-05-01T12:30:05.1234567Z")]
    [InlineData("1714566605123", "2024-05-01T12:30:05.1230000Z")]
    [InlineData("1714566605123.4567", "2024-05-01T12:30:05.1234567Z")]
    [InlineData("1714566605123456", "2024-05-01T12:30:05.1234560Z")]
    [InlineData("1714566605123456789", "2024-05-01T12:30:05.1234567Z")]
    [InlineData("\"1714566605.5\"", "2024-05-01T12:30:05.5000000Z")]
    [InlineData("1.714566605e9", "2024-05-01T12:30:05.0000000Z")]
    [InlineData("0", "1970-01-01T00:00:00.0000000Z")]
    public void Times_are_read_in_the_forms_that_are_common(string time, string expected)
    {
        var record = Decoded.Json($$"""{"time":{{time}}}""");
        RecordTime.Format(record.Time).ShouldBe(expected);
        record.Attributes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"yesterday\"", "yesterday")]
    [InlineData("\"2024-13-01\"", "2024-13-01")]
    [InlineData("\"2023-02-29\"", "2023-02-29")]
    [InlineData("\"2024-05-01T25:00\"", "2024-05-01T25:00")]
    [InlineData("\"2024-05-01T12:30:05+25:00\"", "2024-05-01T12:30:05+25:00")]
    [InlineData("\"2024-05-01T12:30:05 CEST\"", "2024-05-01T12:30:05 CEST")]
    [InlineData("\"0000-01-01\"", "0000-01-01")]
    [InlineData("true", "true")]
    [InlineData("-1", "1969-12-31T23:59:59.0000000Z")]
    [InlineData("\"1969-07-20T20:17:40Z\"", "1969-07-20T20:17:40.0000000Z")]
    [InlineData("\"2100-01-01\"", "2100-01-01T00:00:00.0000000Z")]
    [InlineData("1e300", "9999-12-31T23:59:59.9999999Z")]
    public void A_time_that_cannot_be_taken_is_kept_beside_that_of_arrival(string time, string original)
    {
        var record = Decoded.Json($$"""{"time":{{time}}}""");
        record.Time.ShouldBe(Decoded.Noon);
        record.Attributes.ShouldHaveSingleItem().ShouldBe(new("original_time", AttributeValue.From(original)));
    }

    [Theory]
    [InlineData("", "not a JSON object (byte 1)")]
    [InlineData("hello", "not a JSON object (byte 1)")]
    [InlineData("[1]", "not a JSON object (byte 1)")]
    [InlineData("\"x\"", "not a JSON object (byte 1)")]
    [InlineData("{", "the JSON ends early (byte 2)")]
    [InlineData("{\"a", "the JSON ends early (byte 4)")]
    [InlineData("{\"a\"", "the JSON ends early (byte 5)")]
    [InlineData("{\"a\":", "the JSON ends early (byte 6)")]
    [InlineData("{\"a\":1", "the JSON ends early (byte 7)")]
    [InlineData("{\"a\":\"x\\", "an escape sequence that JSON does not know (byte 8)")]
    [InlineData("{\"a\" 1}", "':' was expected behind a member's name (byte 6)")]
    [InlineData("{a:1}", "a member's name in quotes was expected (byte 2)")]
    [InlineData("{\"a\":1 \"b\":2}", "',' or the closing bracket was expected (byte 8)")]
    [InlineData("{\"a\":1,}", "a member's name in quotes was expected (byte 8)")]
    [InlineData("{\"a\":x}", "a value was expected (byte 6)")]
    [InlineData("{\"a\":tru}", "a value was expected (byte 6)")]
    [InlineData("{\"a\":01}", "not a JSON number (byte 8)")]
    [InlineData("{\"a\":-}", "not a JSON number (byte 7)")]
    [InlineData("{\"a\":1.}", "not a JSON number (byte 8)")]
    [InlineData("{\"a\":\"\\x\"}", "an escape sequence that JSON does not know (byte 7)")]
    [InlineData("{\"a\":\"\\u12g4\"}", "an escape sequence that JSON does not know (byte 7)")]
    [InlineData("{} x", "text behind the JSON object; one object a line (with curl: --data-binary) (byte 4)")]
    [InlineData("{\"a\":[1,2}", "',' or the closing bracket was expected (byte 10)")]
    [InlineData("{\"a\":[1}]", "',' or the closing bracket was expected (byte 8)")]
    public void Broken_lines_are_refused_with_a_reason_and_a_place(string line, string reason) =>
        Decoded.Reason(new JsonLineDecoder(), Encoding.UTF8.GetBytes(line)).ShouldBe(reason);

    [Fact]
    public void Numbers_are_read_as_the_frameworks_parser_reads_them() =>
        Gen.Select(Gen.Long[-99_999_999_999_999_999, 99_999_999_999_999_999], Gen.Int[0, 20], Gen.Bool).Sample(
            (digits, places, isSmall) =>
            {
                var number = ((decimal)(isSmall ? digits % 10_000 : digits) / (decimal)Math.Pow(10, places))
                    .ToString("0.0###################", CultureInfo.InvariantCulture);
                var attribute = Decoded.Json($$"""{"n":{{number}}}""").Attributes[0].Value;
                attribute.Double.ShouldBe(double.Parse(number, CultureInfo.InvariantCulture));
            },
            iter: 20_000);

    [Fact]
    public void Names_are_configurable()
    {
        var names = new JsonFieldNames { Message = ["texto"], Level = ["nivel.nombre"], Attributes = [] };
        var record = Decoded.Record(new JsonLineDecoder(names),
            """{"texto":"hola","nivel":{"nombre":"ERROR"},"message":"x","extra":{"a":1}}"""u8);
        Decoded.Show(record).ShouldBe("level=ERROR message=hola message:'x' extra.a:1");
    }

    [Fact]
    public void Objects_deeper_than_sixteen_are_kept_as_JSON()
    {
        var line = string.Concat(Enumerable.Range(1, 20).Select(i => $$"""{"k{{i}}": """)) + "[1]" + new string('}', 20);
        var attribute = Decoded.Json(line).Attributes.ShouldHaveSingleItem();
        attribute.Key.ShouldBe("k1.k2.k3.k4.k5.k6.k7.k8.k9.k10.k11.k12.k13.k14.k15.k16");
        attribute.Value.String.ShouldBe("""{"k17":{"k18":{"k19":{"k20":[1]}}}}""");
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_become_replacement_characters()
    {
        var record = Decoded.Record(new JsonLineDecoder(),
            [.. "{\"message\":\"a"u8, 0xFF, .. "\",\"k"u8, 0xC3, .. "\":{\"x"u8, 0xF0, 0x9F, .. "\":1}}"u8]);
        record.Message.ShouldBe("a\uFFFD");
        record.Attributes.ShouldHaveSingleItem().Key.ShouldBe("k\uFFFD.x\uFFFD");
    }
}
