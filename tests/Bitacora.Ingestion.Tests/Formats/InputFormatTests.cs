using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

public class InputFormatTests
{
    [Theory]
    [InlineData("plain", "")]
    [InlineData("plain", "\n \n")]
    [InlineData("plain", "one\ntwo\n{\"msg\":\"three\"}\n")]
    [InlineData("json", "{\"msg\":\"a\"}\n{\"msg\":\"b\"}\nnot JSON\n")]
    [InlineData("json", "\uFEFF{\"msg\":\"a\"}")]
    [InlineData("json", "\n\r\n  {\"msg\":\"a\"}\r\n")]
    [InlineData("clef", "{\"@t\":\"2024-05-01T12:00:00Z\",\"@m\":\"a\"}\n")]
    [InlineData("clef", "{ \"@mt\":\"a\",\"@t\":\"2024-05-01T12:00:00Z\"}\n{\"msg\":\"cut")]
    [InlineData("json", "{\"@timestamp\":\"2024-05-01T12:00:00Z\",\"message\":\"\\\"@t\\\"\"}\n")]
    public void The_first_lines_say_the_format(string id, string start) =>
        InputFormat.Detect(Encoding.UTF8.GetBytes(start), Context).Format.Id.ShouldBe(id);

    [Fact]
    public async Task A_file_of_several_formats_is_read_line_by_line()
    {
        var reading = await FormatReading.ReadAsync(
            Encoding.UTF8.GetBytes(
                """
                {"level":"ERROR","msg":"from JSON"}
                {"@t":"2024-05-01T12:00:00Z","@l":"Warning","@mt":"from {What}","What":"CLEF"}
                {"level":"DEBUG","msg":"again"}
                neither
                	nor this
                """),
            Context);
        reading.Format.Format.Id.ShouldBe("json");
        reading.Records.Select(entry => entry.Record.Message).ShouldBe(["from JSON", "from CLEF", "again", "neither", "\tnor this"]);
        reading.Records.Select(entry => entry.Record.Level)
            .ShouldBe([Level.Error, Level.Warning, Level.Debug, Level.Info, Level.Info]);
        reading.Reader.Undecoded.ShouldBe(2);
    }

    [Fact]
    public async Task A_format_that_was_asked_for_is_the_only_one()
    {
        var reading = await FormatReading.ReadAsync("plain\n{\"msg\":\"a\"}\n"u8.ToArray(), Context, LogFormats.Plain);
        reading.Records.Select(entry => entry.Record.Message).ShouldBe(["plain", "{\"msg\":\"a\"}"]);
        reading.Reader.Undecoded.ShouldBe(0);
    }

    [Fact]
    public async Task A_record_without_a_time_bears_that_of_the_record_before_else_the_first_in_the_file_else_the_files()
    {
        var text = "who knows when\n{\"time\":\"2024-05-01T12:00:00Z\"}\n{}\n{\"time\":\"2024-05-01T13:00:00Z\"}\n{}\n"u8.ToArray();
        (await Times(text)).ShouldBe(["12:00:00", "12:00:00", "12:00:00", "13:00:00", "13:00:00"]);
        (await Times("no\ntimes\n"u8.ToArray())).ShouldBe(["12:30:05", "12:30:05"]);

        static async Task<IEnumerable<string>> Times(byte[] bytes) => (await FormatReading.ReadAsync(bytes, Context))
            .Records.Select(entry => RecordTime.Format(entry.Record.Time).Substring(11, 8));
    }

    [Fact]
    public void Ids_are_unique_and_every_example_is_of_its_format()
    {
        LogFormats.All.Select(format => format.Id).ShouldBeUnique();
        foreach (var format in LogFormats.All)
        {
            InputFormat.Detect(Encoding.UTF8.GetBytes(format.Example + "\n"), Context).Format.Id.ShouldBe(format.Id);
        }
    }

    private static FormatContext Context => new(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon)) { Stem = "file" };
}
