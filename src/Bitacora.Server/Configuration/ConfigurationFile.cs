using System.Text.Json;
using Bitacora.Alerting;

namespace Bitacora.Server.Configuration;

/// <summary>
/// Reads <c>bitacora.json</c> into settings by key; comments and trailing commas are allowed. The section <c>alerts</c> is no setting: it
/// is Alerting's to read.
/// </summary>
internal static class ConfigurationFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private const string Alerts = "alerts";

    /// <summary>Whether there is a file with nothing but blanks in it.</summary>
    public static bool IsEmpty(string path)
    {
        try
        {
            return File.Exists(path) && string.IsNullOrWhiteSpace(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the settings; and what the file says of alerts, null where it cannot be read.</summary>
    public static AlertSettings? Read(string path, List<KeyValuePair<string, string>> values, List<ConfigurationFault> faults)
    {
        try
        {
            // Editors of Windows begin a file with a byte order mark.
            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            bytes = bytes.Span is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
            using var document = JsonDocument.Parse(bytes, Lenient);
            Flatten(path, "", document.RootElement, values, faults);
            return document.RootElement.ValueKind == JsonValueKind.Object ? AlertSettings.Read(bytes.Span) : null;
        }
        catch (JsonException e)
        {
            faults.Add(new ConfigurationFault(path, $"line {e.LineNumber + 1} is no JSON: {WithoutPlace(e.Message)}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(path, $"the file cannot be read: {e.Message}"));
        }

        return null;
    }

    // The parser counts lines from 0.
    private static string WithoutPlace(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var place ? message[..place] : message;

    private static void Flatten(
        string path, string key, JsonElement element, List<KeyValuePair<string, string>> values, List<ConfigurationFault> faults)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject().Where(member => key.Length > 0 || member.Name != Alerts))
                {
                    Flatten(path, key.Length == 0 ? member.Name : $"{key}:{member.Name}", member.Value, values, faults);
                }

                break;
            case JsonValueKind.Array when key.Length > 0 && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                values.Add(new(key, string.Join(',', element.EnumerateArray().Select(item => item.GetString()))));
                break;
            case JsonValueKind.String when key.Length > 0:
                values.Add(new(key, element.GetString()!));
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when key.Length > 0:
                values.Add(new(key, element.GetRawText()));
                break;
            case JsonValueKind.Null when key.Length > 0:
                break;
            default:
                faults.Add(new ConfigurationFault(
                    key.Length == 0 ? path : key,
                    key.Length == 0 ? "the file must hold one JSON object" : "a text, a number, true, false or a list of texts is allowed",
                    $"file {path}"));
                break;
        }
    }
}
