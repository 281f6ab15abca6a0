namespace Bitacora.Query.Parsing;

/// <summary>Texts as a query quotes them.</summary>
internal static class Quoting
{
    /// <summary>The text in quotes, with <c>\"</c> and <c>\\</c> inside.</summary>
    internal static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
