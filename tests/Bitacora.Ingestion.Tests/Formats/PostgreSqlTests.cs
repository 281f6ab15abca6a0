using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

public class PostgreSqlTests
{
    private const string CsvStart =
        "2023-11-23 07:41:37.6 CET,\"u\",\"d\",7,\"[local]\",6b03e021.49b2,1,\"DO\",2023-11-23 07:41:37 CET,3/1,0,LOG,00000,";

    [Theory]
    [InlineData("", "LOG:  a", "")]
    [InlineData("%m ", "2023-11-23 07:41:37.602 CET LOG:  a", "")]
    [InlineData("%m%%%p", "2023-11-23 07:41:37.602 CET%7LOG:  a", "process.pid:7")]
    [InlineData("%t", "2023-11-23 07:41:37 -03 LOG:  a", "")]
    [InlineData("%n:", "1700721697.602:LOG:  a", "")]
    [InlineData("%a|", "a|b|LOG:  a", "postgresql.application_name:'a|b'")]
    [InlineData("%a|", "my app LOG:  x|LOG:  a", "postgresql.application_name:'my app LOG:  x'")]
    [InlineData("%u@%d ", "a@b c@d e LOG:  a", "user.name:'a' db.namespace:'b c@d e'")]
    [InlineData("%u ", "[unknown] LOG:  a", "")]
    [InlineData("%u %a ", "[desconocido] [inconnu] LOG:  a", "")]
    [InlineData("%u", "noneLOG:  a", "user.name:'none'")]
    [InlineData("%r ", "::1(5000) LOG:  a", "client.address:'::1' client.port:5000")]
    [InlineData("%r:%u ", "::1(5000):u LOG:  a", "client.address:'::1' client.port:5000 user.name:'u'")]
    [InlineData("%r:%u ", ":u LOG:  a", "user.name:'u'")]
    [InlineData("%r ", "[local] LOG:  a", "client.address:'[local]'")]
    [InlineData("%h ", "db1.example.com LOG:  a", "client.address:'db1.example.com'")]
    [InlineData("%L ", "10.0.0.1 LOG:  a", "server.address:'10.0.0.1'")]
    [InlineData("%L ", "[none] LOG:  a", "")]
    [InlineData("%L: ", ": LOG:  a", "")]
    [InlineData("%L: ", "::1: LOG:  a", "server.address:'::1'")]
    [InlineData("%b ", "logical replication worker LOG:  a", "postgresql.backend_type:'logical replication worker'")]
    [InlineData("%p %P ", "7 8 LOG:  a", "process.pid:7 postgresql.leader_pid:8")]
    [InlineData("%p %P ", "7  LOG:  a", "process.pid:7")]
    [InlineData("%i %e ", "CREATE TABLE 42P01 LOG:  a", "postgresql.command_tag:'CREATE TABLE' db.response.status_code:'42P01'")]
    [InlineData("%e ", "00000 LOG:  a", "")]
    [InlineData("%c %l %s ", "6b03e021.49b2 3 2023-11-23 07:41:37 CET LOG:  a",
        "session_id=6b03e021.49b2 postgresql.line_num:3 postgresql.session_start:'2023-11-23 07:41:37 CET'")]
    [InlineData("%v %x %Q ", "3/10 726 -9223372036854775808 LOG:  a",
        "postgresql.vxid:'3/10' postgresql.txid:726 postgresql.query_id:-9223372036854775808")]
    [InlineData("%v %x %Q ", " 0 0 LOG:  a", "")]
    [InlineData("%p %q%u@%d ", "7 LOG:  a", "process.pid:7")]
    [InlineData("%p %q%u@%d ", "7 u@d LOG:  a", "process.pid:7 user.name:'u' db.namespace:'d'")]
    [InlineData("[%8p] %-6u|", "[      42] ab    |LOG:  a", "process.pid:42 user.name:'ab'")]
    [InlineData("[%-8p] %6u|", "[42      ]     ab|LOG:  a", "process.pid:42 user.name:'ab'")]
    [InlineData("%-4u%p ", "a|b 7 LOG:  a", "user.name:'a|b' process.pid:7")]
    [InlineData("%3p:", "12345:LOG:  a", "process.pid:12345")]
    [InlineData("%-6a|%u ", "      |u LOG:  a", "user.name:'u'")]
    [InlineData("%y%p %", "7 LOG:  a", "process.pid:7")]
    [InlineData("%p ", "x LOG:  a", null)]
    [InlineData("%p ", "7 LOG: a", null)]
    [InlineData("%c ", "6b03e021 LOG:  a", null)]
    public void A_prefix_is_read_by_its_setting(string setting, string line, string? fields)
    {
        var decoder = Decoder(setting);
        decoder.Classify(Encoding.UTF8.GetBytes(line), out _)
            .ShouldBe(fields is null ? LineRole.Text : LineRole.Start);
        if (fields is not null)
        {
            Show(decoder, line).ShouldBe(Sorted(fields));
        }
    }

    [Theory]
    [InlineData("LOG", "level_text:'LOG'", Level.Info)]
    [InlineData("INFO", "", Level.Info)]
    [InlineData("NOTICE", "level_text:'NOTICE'", Level.Info)]
    [InlineData("WARNING", "", Level.Warning)]
    [InlineData("ERROR", "", Level.Error)]
    [InlineData("FATAL", "", Level.Critical)]
    [InlineData("PANIC", "level_text:'PANIC'", Level.Critical)]
    [InlineData("DEBUG", "", Level.Debug)]
    [InlineData("DEBUG3", "level_text:'DEBUG3'", Level.Debug)]
    [InlineData("ОШИБКА", "level_text:'ОШИБКА'", Level.Error)]
    [InlineData("WARNUNG", "level_text:'WARNUNG'", Level.Warning)]
    [InlineData("PANIK", "level_text:'PANIK'", Level.Critical)]
    [InlineData("エラー", "level_text:'エラー'", Level.Info)]
    public void Severities_have_levels(string word, string text, Level level)
    {
        var record = Decoded.Record(Decoder("%p "), Encoding.UTF8.GetBytes($"7 {word}:  a"));
        record.Level.ShouldBe(level);
        string.Join(' ', record.Attributes.Where(a => a.Key == "level_text").Select(a => $"level_text:'{a.Value.Text}'")).ShouldBe(text);
    }

    [Fact]
    public async Task Lines_of_several_processes_and_in_other_languages_are_joined_by_process()
    {
        var reading = await FormatReading.ReadAsync(
            Encoding.UTF8.GetBytes(
                """
                2023-11-23 07:41:37.825 CET [1] ERROR:  doppelter Schlüsselwert
                2023-11-23 07:41:37.825 CET [2] ERROR:  llave duplicada
                2023-11-23 07:41:37.825 CET [1] DETAIL:  Schlüssel existiert bereits.
                2023-11-23 07:41:37.825 CET [2] DETALLE:  Ya existe.
                2023-11-23 07:41:37.825 CET [1] ANWEISUNG:  insert
                2023-11-23 07:41:37.825 CET [3] INSTRUCTION :  select
                2023-11-23 07:41:37.825 CET [2] SENTENCIA:  update
                """),
            DatabaseLines.Context);
        reading.Records.Select(entry => string.Join(' ', entry.Record.Attributes.Skip(1).Select(a => a.Value.Text))).ShouldBe(
            ["Schlüssel existiert bereits. insert", "Ya existe. update", "select"]);
        reading.Records[2].Record.Message.ShouldBe("select");
        reading.Reader.Undecoded.ShouldBe(0);
    }

    [Fact]
    public async Task A_prefix_without_a_process_joins_by_session()
    {
        var context = new FormatContext(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon)) { LogLinePrefix = "%c " };
        var reading = await FormatReading.ReadAsync(
            "6b03e021.1 ERROR:  a\n6b03e021.2 ERROR:  b\n6b03e021.1 HINT:  of a\n6b03e021.2 HINT:  of b\n"u8.ToArray(), context);
        reading.Records.Select(entry => entry.Record.Attributes[0].Value.Text).ShouldBe(["of a", "of b"]);
    }

    [Fact]
    public async Task Quotes_in_csvlog_hold_lines_of_any_format()
    {
        var reading = await FormatReading.ReadAsync(
            Encoding.UTF8.GetBytes(
                CsvStart + "\"a\n{\"\"msg\"\":\"\"not a record\"\"}\n\nNov 23 06:44:13 host sshd[1]: nor this\nend\",,,,,,,,,\"psql\"\n"
                + CsvStart + "\"b\",,,,,,,,,\"psql\"\n{\"msg\":\"a record\"}\nneither\n"),
            DatabaseLines.Context);
        reading.Format.Format.Id.ShouldBe("postgresql-csv");
        reading.Records.Select(entry => entry.Record.Message).ShouldBe(
            ["a\n{\"msg\":\"not a record\"}\n\nNov 23 06:44:13 host sshd[1]: nor this\nend", "b", "a record", "neither"]);
        reading.Reader.Undecoded.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"torn")]
    [InlineData("\"a\",,,,,,,,\"psql\"")]
    [InlineData("\"a\",,,,,,,,,\"psql\",,,,")]
    [InlineData("\"a\"b,,,,,,,,,\"psql\"")]
    public void A_record_of_other_than_23_to_26_columns_is_refused(string rest) =>
        Decoded.Reason(DatabaseLines.Decoder("postgresql-csv"), Encoding.UTF8.GetBytes(CsvStart + rest))
            .ShouldNotBeNull().ShouldStartWith("not the 23 to 26 columns");

    [Fact]
    public void Csvlog_and_jsonlog_give_the_same()
    {
        var csv = Decoded.Record(
            DatabaseLines.Decoder("postgresql-csv"),
            [
                .. "2023-11-23 07:41:37.864 CET,\"u\",\"d\",1,\"::1:5000\",6b03e021.49c1,3,\"SELECT\",2023-11-23 07:41:37 CET,3/8,9,"u8,
                .. "PANIC,42P01,\"m\",\"de\",\"hi\",\"iq\",4,\"co\",\"st\",15,\"f, a.c:12\",\"psql\",\"client backend\",2,-8"u8,
            ]);
        var json = Decoded.Record(DatabaseLines.Decoder("postgresql-json"), """
            {"timestamp":"2023-11-23 07:41:37.864 CET","user":"u","dbname":"d","pid":1,"remote_host":"::1","remote_port":5000,
            "session_id":"6b03e021.49c1","line_num":3,"ps":"SELECT","session_start":"2023-11-23 07:41:37 CET","vxid":"3/8","txid":9,
            "error_severity":"PANIC","state_code":"42P01","message":"m","detail":"de","hint":"hi","internal_query":"iq",
            "internal_position":4,"context":"co","statement":"st","cursor_position":15,"func_name":"f","file_name":"a.c","file_line_num":12,
            "application_name":"psql","backend_type":"client backend","leader_pid":2,"query_id":-8}
            """u8);
        json.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).ShouldBe(csv.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal));
        (json.Time, json.Level, json.Message, json.SessionId).ShouldBe((csv.Time, csv.Level, csv.Message, csv.SessionId));
    }

    private static IFormatDecoder Decoder(string setting) => LogFormats.Find("postgresql")!.Create(
        new FormatContext(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon)) { LogLinePrefix = setting });

    /// <summary>What the prefix said beside the time; the rest of the line is LOG and the text a.</summary>
    private static string Show(IFormatDecoder decoder, string line)
    {
        var record = Decoded.Record(decoder, Encoding.UTF8.GetBytes(line));
        record.Message.ShouldBe("a");
        var shown = Decoded.Show(record);
        foreach (var part in new[] { "layer=infrastructure", "source=postgresql", "message=a", "level_text:'LOG'" })
        {
            shown = shown.Replace(part, "", StringComparison.Ordinal);
        }

        return Sorted(shown);
    }

    private static string Sorted(string fields) => string.Join(' ', fields.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Where(part => !part.StartsWith("time=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
}
