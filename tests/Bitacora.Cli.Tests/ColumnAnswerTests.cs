using System.Text;
using Bitacora.Cli.Answers;
using Bitacora.Query;

namespace Bitacora.Cli.Tests;

public sealed class ColumnAnswerTests
{
    [Fact]
    public void Groups_are_a_table_with_numbers_to_the_right() => Show(
        "* | count by source, level",
        """{"source":"shop","level":"ERROR","count":12345}""",
        """{"source":null,"level":"INFO","count":7}""").ShouldBe("""
        source  level   count
        shop    ERROR  12,345
        -       INFO        7

        """);

    [Fact]
    public void Counts_over_time_have_bars_and_empty_buckets_are_seen() => Show(
        "* | count by time(1h)",
        """{"time":"2024-05-02T08:00:00.0000000Z","count":40}""",
        """{"time":"2024-05-02T10:00:00.0000000Z","count":10}""",
        """{"time":"2024-05-02T11:00:00.0000000Z","count":1}""").ShouldBe("""
        time              count
        2024-05-02 10:00     40  ████████████████████████████████████████
        2024-05-02 11:00      0
        2024-05-02 12:00     10  ██████████
        2024-05-02 13:00      1  █

        """);

    [Fact]
    public void A_long_gap_is_a_row_that_says_how_long_it_is() => Show(
        "* | count by time(1h)",
        """{"time":"2024-04-30T08:00:00.0000000Z","count":4}""",
        """{"time":"2024-05-08T08:00:00.0000000Z","count":4}""").ShouldBe("""
        time              count
        2024-04-30 10:00      4  ████████████████████████████████████████
        … 191 empty
        2024-05-08 10:00      4  ████████████████████████████████████████

        """);

    [Fact]
    public void An_average_has_as_many_digits_as_are_read() => Show(
        "* | stats avg(n) by source",
        """{"source":"a","avg(n)":1.301709677419355}""",
        """{"source":"b","avg(n)":0.000123456}""").ShouldBe("""
        source     avg(n)
        a           1.302
        b       0.0001235

        """);

    [Fact]
    public void Days_are_those_of_the_readers_zone() => Show(
        "* | count by time(1d), source",
        """{"time":"2024-04-30T22:00:00.0000000Z","source":"shop","count":3}""",
        """{"time":"2024-05-01T22:00:00.0000000Z","source":"shop","count":6}""").ShouldBe("""
        time            source  count
        2024-05-01 Wed  shop        3  ████████████████████
        2024-05-02 Thu  shop        6  ████████████████████████████████████████

        """);

    [Fact]
    public void Chosen_fields_are_columns_and_missing_ones_a_hyphen() => Show(
        "* | fields time, path, n",
        """{"time":"2024-05-02T10:30:05.1234567Z","path":"/a\u001bb","n":10000}""",
        """{"time":"2024-05-02T10:30:04.0000000Z"}""").ShouldBe("""
        time                     path          n
        2024-05-02 12:30:05.123  /a\x1bb  10000
        2024-05-02 12:30:04.000  -            -

        """.Replace("path          n", "path         n", StringComparison.Ordinal));

    [Fact]
    public void Nothing_found_is_no_table() => Show("* | count by source").ShouldBeEmpty();

    private static string Show(string query, params string[] rows)
    {
        var screen = new TestScreen();
        var zone = screen.Screen.Zone;
        var parsed = QueryParser.Parse(query, new QueryContext { Now = screen.Screen.Clock.GetUtcNow(), Zone = zone });
        var answer = new ColumnAnswer(screen.Screen, AnswerShape.Of(parsed));
        foreach (var row in rows)
        {
            answer.Write(Encoding.UTF8.GetBytes(row));
        }

        answer.End();
        return screen.Out.ToString();
    }
}
