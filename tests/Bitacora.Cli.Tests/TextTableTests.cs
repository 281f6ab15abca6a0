using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Tests;

public sealed class TextTableTests
{
    [Fact]
    public void A_column_with_nothing_in_it_takes_no_room() => Show(
        Screen.Unlimited, ["NAME", "KEY", "COUNT"], [false, false, true], ["shop", "", "7"], ["till", "", "12"]).ShouldBe("""
        NAME  COUNT
        shop      7
        till     12

        """);

    [Fact]
    public void Texts_are_cut_before_times_and_numbers() => Show(
        48, ["TIME", "MESSAGE", "COUNT"], [false, false, true],
        ["2026-11-30 10:00:00", "the bank refused the card of a customer", "1,234,567"]).ShouldBe("""
        TIME                 MESSAGE               COUNT
        2026-11-30 10:00:00  the bank refuse…  1,234,567

        """);

    [Fact]
    public void A_name_that_begins_with_a_date_gives_way_to_times() => Show(
        36, ["FILE", "OLDEST"], [false, false], ["2026-11-30.duckdb", "2026-11-30 10:00:00"]).ShouldBe("""
        FILE             OLDEST
        2026-11-30.duc…  2026-11-30 10:00:00

        """);

    private static string Show(int width, string[] headings, bool[] toTheRight, params string[][] rows)
    {
        var table = new TextTable(headings, toTheRight);
        foreach (var row in rows)
        {
            table.Add(row);
        }

        var written = new StringWriter { NewLine = "\n" };
        table.Write(written, new Ansi(false), width);
        return written.ToString();
    }
}
