using System.Text;

namespace Bitacora.Cli.Showing;

/// <summary>The screen of this process.</summary>
internal static class ConsoleScreen
{
    private const int OutputBuffer = 32 << 10;

    public static Screen Open()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var outIsTerminal = !Console.IsOutputRedirected;
        return new Screen
        {
            Out = new StreamWriter(StandardOutput.Open(), utf8, OutputBuffer),
            Error = new StreamWriter(Console.OpenStandardError(), utf8, bufferSize: 1024) { AutoFlush = true },
            OutIsTerminal = outIsTerminal,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InputIsTerminal = !Console.IsInputRedirected,
            Width = outIsTerminal ? WidthOfTerminal() : Screen.Unlimited,
            MayColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
            Zone = TimeZoneInfo.Local,
        };
    }

    private static int WidthOfTerminal()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
