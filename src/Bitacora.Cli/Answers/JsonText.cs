using System.Text.Json;

namespace Bitacora.Cli.Answers;

/// <summary>Values of rows as text.</summary>
internal static class JsonText
{
    /// <summary>The value of a member as text; null where it is missing or null.</summary>
    public static string? Of(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? Of(value) : null;

    /// <summary>Strings as they are, all else as JSON; null for null.</summary>
    public static string? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
