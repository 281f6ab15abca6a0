namespace Bitacora.Cli.Showing;

/// <summary>
/// Where a command writes and what it knows about the place: data goes to <see cref="Out"/>, talk to <see cref="Error"/>.
/// </summary>
internal sealed class Screen
{
    /// <summary>Wide enough that nothing is wrapped: the width where nobody looks through a window.</summary>
    public const int Unlimited = int.MaxValue;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Reads standard input as bytes.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Reads a line from the terminal without showing it.</summary>
    public Func<string> ReadSecret { get; init; } = SecretInput.ReadLine;

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool InputIsTerminal { get; init; }

    /// <summary>Columns of the terminal that <see cref="Out"/> is, else <see cref="Unlimited"/>.</summary>
    public int Width { get; init; } = Unlimited;

    /// <summary>Whether NO_COLOR is unset and the terminal can do it; asked beside <see cref="OutIsTerminal"/>.</summary>
    public bool MayColour { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The environment's variables by name.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public Ansi OutColours => new(OutIsTerminal && MayColour);

    public Ansi ErrorColours => new(ErrorIsTerminal && MayColour);

    /// <summary>The same screen, times shown in another zone.</summary>
    public Screen In(TimeZoneInfo zone) => new()
    {
        Out = Out,
        Error = Error,
        OpenInput = OpenInput,
        ReadSecret = ReadSecret,
        OutIsTerminal = OutIsTerminal,
        ErrorIsTerminal = ErrorIsTerminal,
        InputIsTerminal = InputIsTerminal,
        Width = Width,
        MayColour = MayColour,
        Zone = zone,
        Clock = Clock,
        Environment = Environment,
    };

    /// <summary>A line of talk. What was answered before it is shown before it.</summary>
    public void Say(string text)
    {
        Out.Flush();
        Error.WriteLine(SafeText.Escape(text));
    }

    /// <summary>A line that says what went wrong, and one that says what to do.</summary>
    public void Complain(string problem, string? advice)
    {
        Error.WriteLine($"{ErrorColours.Red("bitacora:")} {SafeText.Escape(problem, keepLineEnds: true)}");
        if (advice is not null)
        {
            Error.WriteLine($"  {SafeText.Escape(advice, keepLineEnds: true)}");
        }
    }

    /// <summary>A line that the reader of an answer should see.</summary>
    public void Note(string text) => Error.WriteLine($"{ErrorColours.Yellow("note:")} {SafeText.Escape(text)}");
}
