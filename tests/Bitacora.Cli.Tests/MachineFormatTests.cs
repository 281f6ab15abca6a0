using System.Text;
using Bitacora.Cli.Answers;

namespace Bitacora.Cli.Tests;

public sealed class MachineFormatTests
{
    private const string Row =
        """{"time":"2024-05-02T10:30:05.1234567Z","level":"INFO","message":"a, \"b\"\nc\u001b ñ","attributes":{"x":1}}""";

    [Fact]
    public void Json_is_the_servers_line_unchanged()
    {
        var screen = new TestScreen();
        Write(new JsonAnswer(screen.Screen));
        screen.Out.ToString().ShouldBe(Row + "\n");
    }

    [Fact]
    public void Csv_quotes_what_has_to_be_quoted_and_keeps_every_byte()
    {
        var screen = new TestScreen();
        Write(new CsvAnswer(screen.Screen, ["time", "message", "attributes", "missing"]));
        screen.Out.ToString().ShouldBe(
            "time,message,attributes,missing\r\n2024-05-02T10:30:05.1234567Z,\"a, \"\"b\"\"\nc\u001b ñ\",\"{\"\"x\"\":1}\",\r\n");
    }

    [Fact]
    public void Csv_on_a_terminal_shows_control_characters()
    {
        var screen = new TestScreen(80, isTerminal: true);
        Write(new CsvAnswer(screen.Screen, ["message"]));
        screen.Out.ToString().ShouldBe("message\r\n\"a, \"\"b\"\"\\nc\\x1b ñ\"\r\n");
    }

    [Fact]
    public void Csv_of_nothing_is_its_heading()
    {
        var screen = new TestScreen();
        new CsvAnswer(screen.Screen, ["a", "b"]).End();
        screen.Out.ToString().ShouldBe("a,b\r\n");
    }

    private static void Write(IAnswerWriter writer)
    {
        writer.Write(Encoding.UTF8.GetBytes(Row));
        writer.End();
    }
}
