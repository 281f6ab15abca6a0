using Bitacora.Query.Parsing;
using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>Numbers, durations, times and the range (rules 9 and 11).</summary>
public class LiteralTests
{
    [Theory]
    [InlineData("42", "42")]
    [InlineData("-5", "-5")]
    [InlineData("007", "7")]
    [InlineData("0.5", "0.5")]
    [InlineData("-0.0", "0")]
    [InlineData("1e3", "1000")]
    [InlineData("1E+21", "1E+21")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", "9.223372036854776E+18")]
    public void Numbers_are_integers_where_they_can_be(string text, string value)
    {
        NumberLiteral.TryParse(text, out QueryNumber number).ShouldBeTrue();
        number.ToString().ShouldBe(value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+7")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e")]
    [InlineData("1_000")]
    [InlineData("inf")]
    [InlineData("NaN")]
    [InlineData("0x10")]
    [InlineData("٣")]
    [InlineData(" 7")]
    [InlineData("1e400")]
    [InlineData("123456789012345678901234567890123")]
    public void Nothing_else_is_a_number(string text) => NumberLiteral.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("7", true)]
    [InlineData("-0.5e-3", true)]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("007", false)]
    [InlineData("-01", false)]
    [InlineData("1.", false)]
    [InlineData("1e400", false)]
    [InlineData("7 ", false)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    public void A_text_counts_as_a_number_if_it_is_wholly_a_JSON_number(string text, bool isNumber) =>
        NumberLiteral.TryParseJson(System.Text.Encoding.UTF8.GetBytes(text), out _).ShouldBe(isNumber);

    [Theory]
    [InlineData("250ms", "250")]
    [InlineData("1.001s", "1001")]
    [InlineData("1us", "0.001")]
    [InlineData("1ns", "1E-06")]
    [InlineData("1.5m", "90000")]
    [InlineData("2h", "7200000")]
    [InlineData("1d", "86400000")]
    [InlineData("1w", "604800000")]
    [InlineData("1e3ms", "1000")]
    [InlineData("1e-3s", "1")]
    public void Durations_are_milliseconds_in_decimal(string text, string value)
    {
        DurationLiteral.TryParseMilliseconds(text, out QueryNumber number).ShouldBeTrue();
        number.ToString().ShouldBe(value);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("ms")]
    [InlineData("5M")]
    [InlineData("5 ms")]
    [InlineData("5y")]
    [InlineData("1h30m")]
    [InlineData("1e999999999s")]
    public void Nothing_else_is_a_duration(string text) => DurationLiteral.TryParseMilliseconds(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("2024-05-01", "2024-05-01T00:00:00Z")]
    [InlineData("2024-05-01T10:30", "2024-05-01T10:30:00Z")]
    [InlineData("2024-05-01T10:30:05", "2024-05-01T10:30:05Z")]
    [InlineData("2024-05-01T10:30:05.1234567", "2024-05-01T10:30:05.1234567Z")]
    [InlineData("2024-05-01T10:30:05.12345678999", "2024-05-01T10:30:05.1234567Z")]
    [InlineData("2024-05-01T10:30Z", "2024-05-01T10:30:00Z")]
    [InlineData("2024-05-01T10:30+02", "2024-05-01T08:30:00Z")]
    [InlineData("2024-05-01T10:30-05:30", "2024-05-01T16:00:00Z")]
    [InlineData("-15m", "2024-03-10T11:45:00Z")]
    [InlineData("now", "2024-03-10T12:00:00Z")]
    [InlineData("today", "2024-03-10T00:00:00Z")]
    [InlineData("yesterday", "2024-03-09T00:00:00Z")]
    public void Times_are_ISO_8601_or_relative(string text, string instant) => From($"time>={text}").ShouldBe(Asking.Ticks(instant));

    [Theory]
    [InlineData("2024-5-1")]
    [InlineData("2024-02-30")]
    [InlineData("2024-13-01")]
    [InlineData("20240501")]
    [InlineData("2024-05")]
    [InlineData("2024-05-01T24:00")]
    [InlineData("2024-05-01T10")]
    [InlineData("2024-05-01T10:60")]
    [InlineData("2024-05-01T10:30:60")]
    [InlineData("2024-05-01t10:30")]
    [InlineData("2024-05-01T10:30z")]
    [InlineData("2024-05-01T10:30:05.")]
    [InlineData("2024-05-01T10:30+0200")]
    [InlineData("2024-05-01Z")]
    [InlineData("+15m")]
    [InlineData("Now")]
    [InlineData("tomorrow")]
    [InlineData("May 1")]
    [InlineData("1714521600")]
    public void Nothing_else_is_a_time(string text) =>
        Asking.Fails($"time>=\"{text}\"").Problem.ShouldContain("is no time");

    [Fact]
    public void A_blank_stands_for_the_T_in_quotes_only()
    {
        From("time>=\"2024-05-01 10:30\"").ShouldBe(Asking.Ticks("2024-05-01T10:30:00Z"));
        Asking.Parse("time>=2024-05-01 10:30").Filter.ToString().ShouldBe("\"10:30\"");
    }

    [Theory]
    [InlineData("2024-03-10T12:00", "2024-03-10T16:00:00Z", "an ordinary time")]
    [InlineData("2024-03-10T02:30", "2024-03-10T07:30:00Z", "never comes: shifted forward by the gap")]
    [InlineData("2024-11-03T01:30", "2024-11-03T05:30:00Z", "comes twice: the earlier")]
    [InlineData("2024-11-03T01:30-05:00", "2024-11-03T06:30:00Z", "its offset says which")]
    [InlineData("today", "2024-03-10T05:00:00Z", "the local midnight")]
    [InlineData("yesterday", "2024-03-09T05:00:00Z", "the local midnight")]
    public void Times_without_an_offset_are_in_the_querys_zone(string text, string instant, string reason) =>
        Asking.Parse($"time>={text}", Asking.NewYork).Range.From.ShouldBe(Asking.Ticks(instant), reason);

    [Fact]
    public void A_date_that_a_zone_skipped_is_shifted_by_the_whole_day()
    {
        TimeZoneInfo apia = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia");
        Asking.Parse("time>=2011-12-30T12:00", apia).Range.From.ShouldBe(Asking.Ticks("2011-12-30T22:00:00Z"));
        Asking.Parse("time>=2011-12-31", apia).Range.From.ShouldBe(Asking.Ticks("2011-12-30T10:00:00Z"));
    }

    [Theory]
    [InlineData("time:2024-05-01", "2024-05-01T00:00:00Z", "2024-05-01T00:00:00.0000001Z")]
    [InlineData("time=2024-05-01", "2024-05-01T00:00:00Z", "2024-05-01T00:00:00.0000001Z")]
    [InlineData("timestamp>2024-05-01 time<=2024-05-02", "2024-05-01T00:00:00.0000001Z", "2024-05-02T00:00:00.0000001Z")]
    [InlineData("(time>=2024-05-01 a) AND time<2024-05-02", "2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z")]
    [InlineData("time:(2024-05-01)", "2024-05-01T00:00:00Z", "2024-05-01T00:00:00.0000001Z")]
    public void Terms_on_time_narrow_the_range(string query, string from, string to) =>
        Asking.Parse(query).Range.ShouldBe(new TimeRange(Asking.Ticks(from), Asking.Ticks(to)));

    [Fact]
    public void The_range_beside_the_query_is_half_open_and_the_last_day_unless_said()
    {
        long now = RecordTime.From(RecordGenerator.Now);
        QueryContext context = new() { Now = RecordGenerator.Now };
        Range(context).ShouldBe(new TimeRange(now - RecordTime.Day, now));
        Range(context with { Last = "15m" }).ShouldBe(new TimeRange(now - (900 * RecordTime.Second), now));
        Range(context with { From = "2024-03-01" }).ShouldBe(new TimeRange(Asking.Ticks("2024-03-01T00:00:00Z"), now));
        Range(context with { To = "yesterday" }).ShouldBe(new TimeRange(0, Asking.Ticks("2024-03-09T00:00:00Z")));
        Range(context with { From = "-2h", To = "2024-03-10 11:00" })
            .ShouldBe(new TimeRange(now - (7200 * RecordTime.Second), Asking.Ticks("2024-03-10T11:00:00Z")));
        Range(context with { FromTicks = 5, ToTicks = 7 }).ShouldBe(new TimeRange(5, 7));
        new TimeRange(5, 7).Contains(7).ShouldBeFalse();
        new TimeRange(5, 7).Contains(5).ShouldBeTrue();
    }

    [Fact]
    public void A_range_that_cannot_be_read_names_its_part()
    {
        QueryContext context = new() { Now = RecordGenerator.Now };
        Error(context with { Last = "15" }).Message.ShouldStartWith("error in last at 1: '15' is no duration");
        Error(context with { Last = "-15m" }).Parameter.ShouldBe("last");
        Error(context with { Last = "1h", To = "now" }).Problem.ShouldContain("either last, or from and to");
        Error(context with { From = "soon" }).Message.ShouldStartWith("error in from at 1: 'soon' is no time");
        Error(context with { To = "1h" }).Parameter.ShouldBe("to");
    }

    [Fact]
    public void An_empty_range_is_an_empty_answer_with_a_note()
    {
        QueryContext context = new() { Now = RecordGenerator.Now, From = "now", To = "-1h" };
        QueryParser.Parse("x", context).Notes.ShouldHaveSingleItem().Code.ShouldBe("empty-range");
        LogQuery narrowed = QueryParser.Parse("time<2020-01-01", new QueryContext { Now = RecordGenerator.Now });
        narrowed.Range.IsEmpty.ShouldBeTrue();
        narrowed.Notes.ShouldHaveSingleItem().Text.ShouldContain("2024-03-09T12:00:00.0000000Z");
    }

    private static long From(string query) => Asking.Parse(query).Range.From;

    private static TimeRange Range(QueryContext context) => QueryParser.Parse("", context).Range;

    private static QuerySyntaxException Error(QueryContext context) =>
        Should.Throw<QuerySyntaxException>(() => QueryParser.Parse("", context));
}
