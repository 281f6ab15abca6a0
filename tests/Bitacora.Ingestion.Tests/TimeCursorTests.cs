using System.Text;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests;

public class TimeCursorTests
{
    [Theory]
    [InlineData("2026-11-23 06:51:01,944 INFO", "2026-11-23T06:51:01.9440000Z", " INFO")]
    [InlineData("2026-11-23T06:51:01.123456789Z", "2026-11-23T06:51:01.1234567Z", "Z")]
    [InlineData("2026/11/23 06:42:17 [notice]", "2026-11-23T06:42:17.0000000Z", " [notice]")]
    [InlineData("2026-11-23  6:44:01 0", "2026-11-23T06:44:01.0000000Z", " 0")]
    [InlineData("2026-11-23 6:44:01", "2026-11-23T06:44:01.0000000Z", "")]
    [InlineData("2026-11-23 06:44:60.", "2026-11-23T06:45:00.0000000Z", ".")]
    public void Dates_with_times(string text, string time, string rest)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        TimeCursor.TryTakeDateTime(ref cursor, out var ticks).ShouldBeTrue();
        RecordTime.Format(ticks).ShouldBe(time);
        Encoding.UTF8.GetString(cursor.Rest).ShouldBe(rest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-23")]
    [InlineData("2026-11-23 ")]
    [InlineData("2026-11/23 06:44:01")]
    [InlineData("2026-02-29 06:44:01")]
    [InlineData("2026-11-23 24:44:01")]
    [InlineData("2026-11-23 06:60:01")]
    [InlineData("2026-11-23 06:44:61")]
    [InlineData("2026-11-23 06:44:0")]
    [InlineData("2026-11-23 a6:44:01")]
    [InlineData("0000-11-23 06:44:01")]
    public void What_is_no_date_with_a_time_is_not_taken(string text)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        TimeCursor.TryTakeDateTime(ref cursor, out _).ShouldBeFalse();
        cursor.At.ShouldBe(0);
    }

    [Theory]
    [InlineData("23/Nov/2026:06:42:18 +0100]", "2026-11-23T05:42:18.0000000Z", true, "]")]
    [InlineData("23/Nov/2026 06:51:01]", "2026-11-23T06:51:01.0000000Z", false, "]")]
    [InlineData("23/nov/2026:06:42:18 -0330 x", "2026-11-23T10:12:18.0000000Z", true, " x")]
    public void Times_of_web_servers(string text, string time, bool hasOffset, string rest)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        TimeCursor.TryTakeWebTime(ref cursor, out var ticks, out var had).ShouldBeTrue();
        (RecordTime.Format(ticks), had, Encoding.UTF8.GetString(cursor.Rest)).ShouldBe((time, hasOffset, rest));
    }

    [Theory]
    [InlineData("Nov 23 06:44:13 web1", "2026-11-23T06:44:13.0000000Z", " web1")]
    [InlineData("Nov  3 06:44:13.5 web1", "2026-11-03T06:44:13.5000000Z", " web1")]
    [InlineData("Dec 31 06:44:13", "2025-12-31T06:44:13.0000000Z", "")]
    [InlineData("Feb 29 00:00:00 x", "2024-02-29T00:00:00.0000000Z", " x")]
    public void Times_of_syslog_take_the_contexts_year(string text, string time, string rest)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        TimeCursor.TryTakeSyslogTime(ref cursor, Context, out var ticks).ShouldBeTrue();
        (RecordTime.Format(ticks), Encoding.UTF8.GetString(cursor.Rest)).ShouldBe((time, rest));
    }

    [Theory]
    [InlineData("Nov 31 06:44:13")]
    [InlineData("Nov 00 06:44:13")]
    [InlineData("Now 23 06:44:13")]
    [InlineData("Nov 2306:44:13 ")]
    [InlineData("Nov 23 06:44")]
    public void What_is_no_time_of_syslog_is_not_taken(string text)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        TimeCursor.TryTakeSyslogTime(ref cursor, Context, out _).ShouldBeFalse();
        cursor.At.ShouldBe(0);
    }

    [Theory]
    [InlineData("+02:00 x", "10:00", " x")]
    [InlineData("-0230x", "14:30", "x")]
    [InlineData("+02 x", "10:00", " x")]
    [InlineData("Z", "12:00", "")]
    [InlineData(" CET [7]", "11:00", " [7]")]
    [InlineData(" CST [7]", "11:00", " [7]")]
    [InlineData(" [7]", "11:00", " [7]")]
    [InlineData(" A", "11:00", " A")]
    public void A_zone_behind_a_time_is_taken_and_else_the_contexts_holds(string text, string time, string rest)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        var noon = RecordTime.From(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var ticks = TimeCursor.TakeZone(ref cursor, Context, noon);
        (RecordTime.Format(ticks).Substring(11, 5), Encoding.UTF8.GetString(cursor.Rest)).ShouldBe((time, rest));
    }

    private static FormatContext Context =>
        new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"), new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
}
