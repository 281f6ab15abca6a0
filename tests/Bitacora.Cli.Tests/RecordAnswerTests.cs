using System.Text;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Tests;

public sealed class RecordAnswerTests
{
    private const string Traceback =
        """Traceback (most recent call last):\n"""
        + """  File \"/srv/app/pay.py\", line 88, in charge_the_card_of_the_customer\n    raise Refused""";

    private const string Fields = "logger=shop.pay  request_id=r-1  duration_ms=12.5  order=17  note=\"two words\"  empty=\"\"";

    private static readonly string[] Rows =
    [
        """
        {"id":"018f","time":"2024-05-02T10:30:05.1234567Z","level":"ERROR","layer":"application","source":"shop","logger":"shop.pay",
         "message":"payment refused by \u001b[31mthe bank\u001b[0m","traceback":"TRACEBACK\nRefused: no money\n",
         "request_id":"r-1","duration_ms":12.50049,"attributes":{"order":17,"note":"two words","empty":""}}
        """,
        """
        {"id":"018e","time":"2024-05-02T10:30:04.0000000Z","level":"INFO","layer":"infrastructure","source":"nginx",
         "message":"GET / 200"}
        """,
        """
        {"id":"018d","time":"2024-05-02T10:30:03.9990000Z","level":"CRITICAL","layer":"application",
         "message":"first line\nsecond line"}
        """,
    ];

    [Fact]
    public void A_record_is_one_aligned_line_and_its_traceback_stands_below() => Show(Screen.Unlimited).ShouldBe("""
        2024-05-02 12:30:05.123 ERROR    shop payment refused by \x1b[31mthe bank\x1b[0m  FIELDS
            Traceback (most recent call last):
              File "/srv/app/pay.py", line 88, in charge_the_card_of_the_customer
                raise Refused
            Refused: no money
        2024-05-02 12:30:04.000 INFO     nginx GET / 200  layer=infrastructure
        2024-05-02 12:30:03.999 CRITICAL -     first line
                                               second line

        """.Replace("FIELDS", Fields, StringComparison.Ordinal));

    [Fact]
    public void On_a_terminal_lines_are_wrapped_to_its_width_and_aligned()
    {
        var shown = Show(72);
        shown.ShouldBe("""
            2024-05-02 12:30:05.123 ERROR    shop payment refused by \x1b[31mthe
                                                  bank\x1b[0m  logger=shop.pay
                                                  request_id=r-1  duration_ms=12.5
                                                  order=17  note="two words"
                                                  empty=""
                Traceback (most recent call last):
                  File "/srv/app/pay.py", line 88, in charge_the_card_of_the_custome
                    r
                    raise Refused
                Refused: no money
            2024-05-02 12:30:04.000 INFO     nginx GET / 200  layer=infrastructure
            2024-05-02 12:30:03.999 CRITICAL -     first line
                                                   second line

            """);
        shown.Split('\n').ShouldAllBe(line => line.Length <= 72);
    }

    [Fact]
    public void Colours_are_the_only_escape_sequences()
    {
        var screen = new TestScreen(100, isTerminal: true, colour: true);
        Write(screen);
        var shown = screen.Out.ToString();
        shown.ShouldContain("\u001b[31mERROR\u001b[0m");
        shown.ShouldContain("\\x1b[31mthe bank");
        foreach (var sequence in shown.Split('\u001b').Skip(1))
        {
            sequence.ShouldMatch("^\\[[0-9;]*m");
        }
    }

    [Fact]
    public void Without_colour_there_is_no_escape_sequence() => Show(72).ShouldNotContain("\u001b");

    private static string Show(int width)
    {
        var screen = new TestScreen(width, isTerminal: width != Screen.Unlimited);
        Write(screen);
        return screen.Out.ToString();
    }

    private static void Write(TestScreen screen)
    {
        var answer = new RecordAnswer(screen.Screen);
        foreach (var row in Rows)
        {
            answer.Write(Encoding.UTF8.GetBytes(row.ReplaceLineEndings("").Replace("TRACEBACK", Traceback, StringComparison.Ordinal)));
        }

        answer.End();
    }
}
