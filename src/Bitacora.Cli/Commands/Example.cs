namespace Bitacora.Cli.Commands;

/// <summary>A line that <c>--help</c> shows.</summary>
/// <param name="Line">What to type, without the program's name where that would be the first word.</param>
/// <param name="Purpose">What it does.</param>
internal sealed record Example(string Line, string Purpose)
{
    /// <summary>The whole line.</summary>
    public string Typed => Line.Contains("| bitacora", StringComparison.Ordinal) ? Line : $"bitacora {Line}";
}
