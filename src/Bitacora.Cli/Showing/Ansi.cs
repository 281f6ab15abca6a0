using Bitacora.Records;

namespace Bitacora.Cli.Showing;

/// <summary>Colours as a terminal takes them, or nothing at all. Data is coloured here and nowhere else.</summary>
internal readonly struct Ansi(bool enabled)
{
    public string Red(string text) => Paint("31", text);

    public string Green(string text) => Paint("32", text);

    public string Yellow(string text) => Paint("33", text);

    public string Cyan(string text) => Paint("36", text);

    public string Bold(string text) => Paint("1", text);

    public string Dim(string text) => Paint("2", text);

    /// <summary>The colour of a level.</summary>
    public string OfLevel(Level level, string text) => level switch
    {
        Level.Critical => Paint("1;37;41", text),
        Level.Error => Paint("31", text),
        Level.Warning => Paint("33", text),
        Level.Info => Paint("32", text),
        _ => Paint("2", text),
    };

    private string Paint(string code, string text) => enabled && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
