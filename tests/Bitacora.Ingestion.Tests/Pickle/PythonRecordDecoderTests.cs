using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Pickle;

public class PythonRecordDecoderTests
{
    [Fact]
    public void A_record_of_Python_has_its_fields_and_attributes()
    {
        var record = Frames.Record(Frames.Dictionary(
            ("name", Frames.Text("shop.orders")), ("msg", Frames.Text("order 4711 placed")), ("args", Frames.Ascii("N")),
            ("levelname", Frames.Text("WARNING")), ("levelno", Frames.Ascii("K\x1E")), ("pathname", Frames.Text("/srv/shop/orders.py")),
            ("filename", Frames.Text("orders.py")), ("module", Frames.Text("orders")), ("lineno", Frames.Ascii("K\x0C")),
            ("funcName", Frames.Text("place")), ("created", Frames.Double(1714564800.123457)), ("msecs", Frames.Double(123.457)),
            ("relativeCreated", Frames.Double(5.5)), ("thread", Frames.Ascii("L140281586502528L\n")),
            ("threadName", Frames.Text("MainThread")), ("processName", Frames.Text("ForkPoolWorker-1")),
            ("process", Frames.Ascii("M\x39\x30")), ("taskName", Frames.Text("Task-1")), ("exc_info", Frames.Ascii("N")),
            ("exc_text", Frames.Text("Traceback (most recent call last):\nValueError: x")),
            ("stack_info", Frames.Text("Stack (most recent call last):\n  File")), ("asctime", Frames.Text("2024-05-01 12:00:00,123")),
            ("request_id", Frames.Text("r-17")), ("user_id", Frames.Ascii("K\x2A")), ("session_id", Frames.Ascii("N")),
            ("duration_ms", Frames.Double(12.5)), ("trace_id", Frames.Text("4bf92f")), ("order", Frames.Ascii("M\x67\x12")),
            ("metadata", Frames.Items(("level", Frames.Text("mine")), ("basket", Frames.Items(("items", Frames.Ascii("K\x03"))))))));

        Decoded.Show(record).ShouldBe(
            "time=2024-05-01T12:00:00.1234570Z level=WARNING logger=shop.orders request_id=r-17 user_id=42 trace_id=4bf92f "
            + "message=order 4711 placed "
            + "traceback=Traceback (most recent call last):\nValueError: x\nStack (most recent call last):\n  File duration_ms=12.5 "
            + "process.pid:12345 python.process_name:'ForkPoolWorker-1' thread.id:140281586502528 thread.name:'MainThread' "
            + "python.task_name:'Task-1' python.module:'orders' code.file.path:'/srv/shop/orders.py' code.line.number:12 "
            + "code.function.name:'place' order:4711 level:'mine' basket.items:3");
    }

    [Theory]
    [InlineData(50, "CRITICAL", "level=CRITICAL message=m")]
    [InlineData(10, "DEBUG", "level=DEBUG message=m")]
    [InlineData(25, "NOTICE", "message=m severity_number:25 level_text:'NOTICE'")]
    [InlineData(35, "WARNING", "level=WARNING message=m severity_number:35")]
    [InlineData(5, "TRACE", "level=TRACE message=m severity_number:5")]
    public void The_number_says_the_level_and_the_name_what_more_it_says(int number, string name, string shown) =>
        Decoded.Show(Frames.Record(Frames.Dictionary(
            ("msg", Frames.Text("m")), ("levelname", Frames.Text(name)), ("levelno", Frames.Ascii("K" + (char)number))))).ShouldBe(shown);

    [Fact]
    public void Without_a_number_the_name_says_the_level() =>
        Frames.Record(Frames.Dictionary(("msg", Frames.Text("m")), ("levelname", Frames.Text("ERROR")))).Level.ShouldBe(Level.Error);

    [Theory]
    [InlineData("1714564800.0000005", "2024-05-01T12:00:00.0000000Z")]
    [InlineData("1714564800.1234567", "2024-05-01T12:00:00.1234570Z")]
    [InlineData("1714564800.9999998", "2024-05-01T12:00:01.0000000Z")]
    public void The_time_is_exact_to_the_microsecond(string created, string time) =>
        RecordTime.Format(Frames.Record(Frames.Dictionary(
            ("created", Frames.Double(double.Parse(created, CultureInfo.InvariantCulture))))).Time).ShouldBe(time);

    [Theory]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(1e300, "1E+300")]
    public void A_time_that_is_none_stays_as_it_was_sent(double created, string kept)
    {
        var record = Frames.Record(Frames.Dictionary(("msg", Frames.Text("m")), ("created", Frames.Double(created))));
        record.Time.ShouldBe(Decoded.Noon);
        record.Attribute("original_time")!.Trim('"').ShouldBe(kept);
    }

    [Theory]
    [InlineData("I01\n", "x:true")]
    [InlineData("I00\n", "x:false")]
    [InlineData("I-7\n", "x:-7")]
    [InlineData("L9223372036854775807L\n", "x:9223372036854775807")]
    [InlineData("L1180591620717411303424L\n", "x:1.1805916207174113E+21d")]
    [InlineData("L-00001180591620717411303424L\n", "x:-1.1805916207174113E+21d")]
    [InlineData("J\xFF\xFF\xFF\xFF", "x:-1")]
    [InlineData("G\x40\x56\x80\0\0\0\0\0", "x:90d")]
    [InlineData("G\x7F\xF8\0\0\0\0\0\0", "x:'nan'")]
    [InlineData("U\x03\xC3\xA9\xFF", "x:'é\ufffd'")]
    [InlineData("X\x05\0\0\0a\xED\xB3\xBF\x62", "x:'a\ufffdb'")]
    [InlineData("(K\x01K\x02t", "x:'[1,2]'")]
    [InlineData("]", "x:'[]'")]
    [InlineData("](K\x01Ne", "x:'[1,null]'")]
    [InlineData("]K\u0001a", "x:'[1]'")]
    [InlineData("}K\x01K\x02s", "x.1:2")]
    [InlineData("}(K\x01K\x02tK\x02s", "x.[1,2]:2")]
    [InlineData("cshop.models\nOrder\n", "x:'shop.models.Order'")]
    [InlineData("}", "")]
    public void A_value_keeps_its_type(string opcodes, string shown) =>
        Decoded.Show(Frames.RecordWith(Frames.Ascii(opcodes))).ShouldBe(("message=m " + shown).TrimEnd());

    [Theory]
    [InlineData("cdecimal\nDecimal\n(X\x05\0\0\0\x31\x32.50tR", "x:'12.50'")]
    [InlineData("cdatetime\ntimedelta\n(J\xFF\xFF\xFF\xFFK\x03K\x05tR", "x:-86396.999995d")]
    [InlineData("cdatetime\ndatetime\n(U\x0A\x07\xE8\x05\x06\x07\x08\x09\x01\xE2\x40tR", "x:'2024-05-06T07:08:09.123456'")]
    [InlineData("c_codecs\nencode\n(X\x04\0\0\0\xC3\x83\xC2\xA9X\x06\0\0\0latin1tR", "x:'é'")]
    [InlineData("c_codecs\nencode\n(X\x04\0\0\0\xC3\xBF\xC2\x80X\x06\0\0\0latin1tR", "x:'ÿ\x80'")]
    [InlineData("c__builtin__\nbytes\n)R", "x:''")]
    [InlineData("c__builtin__\nset\n(](K\x01K\u0002etR", "x:'[1,2]'")]
    [InlineData("ccollections\nOrderedDict\n)RU\x01\x61K\x01s", "x.a:1")]
    [InlineData("ccollections\nOrderedDict\n(](](U\x01\x61K\u0001eetR", "x.a:1")]
    [InlineData("ccollections\ndeque\n)R(K\x01K\u0002e", "x:'[1,2]'")]
    [InlineData("ccopy_reg\n_reconstructor\n(cdjango.utils.safestring\nSafeString\nc__builtin__\nunicode\nU\x01\x61tR", "x:'a'")]
    [InlineData("ccopy_reg\n_reconstructor\n(cshop\nLocal\nc__builtin__\nobject\nNtR}U\x01\x61K\x01sb",
        "x.@type:'shop.Local' x.args:'[]' x.state.a:1")]
    [InlineData("cexceptions\nValueError\n(U\x01\x61tR", "x.@type:'exceptions.ValueError' x.args:'[\"a\"]'")]
    public void What_a_pickle_would_make_is_written_and_not_made(string opcodes, string shown) =>
        Decoded.Show(Frames.RecordWith(Frames.Ascii(opcodes))).ShouldBe("message=m " + shown);

    [Theory]
    [InlineData("cdatetime\ntimezone\n(cdatetime\ntimedelta\n(K\0M\x10\x0EK\0tRtR", "+01:00")]
    [InlineData("cdatetime\ntimezone\n(cdatetime\ntimedelta\n(K\0J\xF0\xF1\xFF\xFFK\0tRtR", "-01:00")]
    [InlineData("cpytz\n_UTC\n)R", "+00:00")]
    [InlineData("c__builtin__\ngetattr\n(czoneinfo\nZoneInfo\nU\x09_unpickletR(U\x0D\x45urope/MadridK\x01tR", "[Europe/Madrid]")]
    public void A_time_keeps_its_zone(string zone, string shown) =>
        Frames.RecordWith(Frames.Ascii("cdatetime\ndatetime\n(U\x0A\x07\xE8\x05\x06\x07\x08\x09\0\0\0" + zone + "tR")).Attribute("x")
            .ShouldBe("2024-05-06T07:08:09" + shown);

    [Fact]
    public void What_is_beyond_the_limits_of_a_record_is_cut_and_flagged()
    {
        var record = Frames.Record(Frames.Dictionary(("msg", Frames.Text(new string('x', 1_100_000)))));
        record.Message!.Length.ShouldBe(1 << 20);
        record.Attribute("truncated").ShouldBe("true");
    }

    [Fact]
    public void A_decoder_forgets_the_record_before()
    {
        var decoder = new PythonRecordDecoder();
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        decoder.Decode(Frames.Dictionary(("msg", Frames.Text("first")), ("a", Frames.Ascii("K\x01"))), builder.Begin());
        Should.Throw<PickleException>(() => decoder.Decode(Frames.Ascii("}(U\x01\x62K\x02"), builder.Begin()));

        var record = builder.Begin();
        decoder.Decode(Frames.Dictionary(("msg", Frames.Text("second"))), record);
        record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();

        Decoded.Show(RecordBatch.Read(builder.Freeze().Bytes)[0].ToLogRecord()).ShouldBe("message=second");
    }
}
