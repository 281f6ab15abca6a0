using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

public class FormatContextTests
{
    [Theory]
    [InlineData("2026-01-03T12:00:00Z", 1, 3, 2026)]
    [InlineData("2026-01-03T12:00:00Z", 1, 4, 2026)]
    [InlineData("2026-01-03T12:00:00Z", 1, 5, 2025)]
    [InlineData("2026-01-03T12:00:00Z", 12, 31, 2025)]
    [InlineData("2025-12-31T23:30:00Z", 1, 1, 2026)]
    [InlineData("2026-01-03T12:00:00Z", 2, 29, 2024)]
    [InlineData("1904-02-27T12:00:00Z", 2, 29, 1896)]
    public void A_missing_year_is_the_latest_that_is_at_most_a_day_ahead(string fileTime, int month, int day, int year)
    {
        var context = new FormatContext(TimeZoneInfo.Utc, At(fileTime));
        context.YearOf(month, day).ShouldBe(year);
        context.Inferred.ShouldBe(Inferred.Year);
    }

    [Fact]
    public void A_year_that_was_given_holds() =>
        new FormatContext(TimeZoneInfo.Utc, At("2026-01-03T12:00:00Z")) { Year = 2019 }.YearOf(12, 31).ShouldBe(2019);

    [Theory]
    [InlineData("2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z")]
    [InlineData("2026-01-01T12:00:00Z", "2026-01-01T11:00:00Z")]
    [InlineData("2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z")]
    [InlineData("2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25T02:30:00Z", "2026-10-25T01:30:00Z")]
    public void Local_times_are_those_of_the_zone(string local, string time)
    {
        var context = new FormatContext(Madrid, At("2026-11-23T12:00:00Z"));
        for (var i = 0; i < 2; i++)
        {
            RecordTime.ToDateTimeOffset(context.FromLocal(RecordTime.From(At(local)))).ShouldBe(At(time));
        }

        context.Inferred.ShouldBe(Inferred.Zone);
    }

    [Theory]
    [InlineData("clef", "{\"@t\":\"2023-07-01T12:00:00\",\"@m\":\"a\",\"@st\":\"2023-07-01T11:59:59\"}", "2023-07-01T10:00:00Z")]
    [InlineData("clef", "{\"@t\":\"2023-07-01T12:00:00Z\",\"@m\":\"a\",\"@st\":\"2023-07-01T13:59:59\"}", "2023-07-01T12:00:00Z")]
    [InlineData("json", "{\"time\":\"2023-07-01T12:00:00\",\"message\":\"a\",\"duration_ms\":1000}", "2023-07-01T10:00:00Z")]
    public void Times_of_JSON_without_an_offset_are_those_of_the_zone(string format, string line, string time)
    {
        var context = new FormatContext(Madrid, At("2026-11-23T12:00:00Z"));
        var record = Decoded.Record(LogFormats.Find(format)!.Create(context), System.Text.Encoding.UTF8.GetBytes(line));
        RecordTime.ToDateTimeOffset(record.Time).ShouldBe(At(time));
        record.DurationMs.ShouldBe(1000);
        context.Inferred.ShouldBe(Inferred.Zone);
    }

    [Theory]
    [InlineData("10:59:00", "2026-11-23T10:59:00Z")]
    [InlineData("13:00:01", "2026-11-23T13:00:01Z")]
    [InlineData("13:00:03", "2026-11-22T13:00:03Z")]
    public void A_time_of_day_is_on_the_files_date_or_the_day_before(string time, string local)
    {
        var context = new FormatContext(Madrid, At("2026-11-23T12:00:00Z"));
        var ticks = context.OnInputDate(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture).Ticks);
        RecordTime.ToDateTimeOffset(ticks).ShouldBe(At(local));
        context.Inferred.ShouldBe(Inferred.Date);
    }

    private static TimeZoneInfo Madrid => TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
