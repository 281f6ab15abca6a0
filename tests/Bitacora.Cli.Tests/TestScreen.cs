using Bitacora.Cli.Showing;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cli.Tests;

/// <summary>A screen whose output can be read, in Madrid, at noon UTC of 2024-05-02.</summary>
internal sealed class TestScreen
{
    public TestScreen(
        int width = Screen.Unlimited, bool isTerminal = false, bool colour = false, string input = "", TimeProvider? clock = null,
        TextWriter? output = null, string? secret = null)
    {
        Screen = new Screen
        {
            Out = output ?? Out,
            Error = Error,
            OutIsTerminal = isTerminal,
            ErrorIsTerminal = secret is not null,
            InputIsTerminal = secret is not null,
            ReadSecret = () => secret ?? throw new InvalidOperationException("Nobody may be asked."),
            Width = width,
            MayColour = colour,
            Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"),
            Clock = clock ?? new FakeTimeProvider(new DateTimeOffset(2024, 5, 2, 12, 0, 0, TimeSpan.Zero)),
            Environment = name => Variables.GetValueOrDefault(name),
            OpenInput = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)),
        };
    }

    public Screen Screen { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public StringWriter Out { get; } = new() { NewLine = "\n" };

    public StringWriter Error { get; } = new() { NewLine = "\n" };

    /// <summary>Runs a command line and gives its exit code.</summary>
    public Task<int> RunAsync(params string[] arguments) => Commands.CommandLine.RunAsync(Screen, arguments, CancellationToken.None);
}
