namespace Bitacora.Cli.Showing;

/// <summary>The lines that say how a schema is set up, each as soon as it is there.</summary>
internal sealed class SchemaLines(Screen screen)
{
    public void Write(string line)
    {
        var safe = SafeText.Escape(line, keepLineEnds: true);
        screen.Out.WriteLine(line.Split(']')[0] switch
        {
            "[OK" or "[SUCCESS" => Coloured(safe, screen.OutColours.Green),
            "[WARN" or "[SKIP" => Coloured(safe, screen.OutColours.Yellow),
            _ => safe,
        });
        screen.Out.Flush();
    }

    private static string Coloured(string line, Func<string, string> colour)
    {
        var end = line.IndexOf(']', StringComparison.Ordinal) + 1;
        return colour(line[..end]) + line[end..];
    }
}
