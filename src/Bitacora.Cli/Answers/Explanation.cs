using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Answers;

/// <summary>Shows what the store did to answer, as <c>--explain</c> asks.</summary>
internal static class Explanation
{
    public static void Write(Screen screen, ReadOnlyMemory<byte> end)
    {
        using var json = JsonDocument.Parse(end);
        if (!json.RootElement.GetProperty("answer").TryGetProperty("explanation", out var explained))
        {
            screen.Note("the store explains nothing about this answer");
            return;
        }

        screen.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"read {Count(explained, "files_read")} of {Count(explained, "files")} files, {Count(explained, "segments_read")} of "
            + $"{Count(explained, "segments")} segments, {Count(explained, "rows_read")} rows"));
        foreach (var step in explained.GetProperty("steps").EnumerateArray())
        {
            var milliseconds = step.GetProperty("ms").GetDouble();
            screen.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{milliseconds,10:0.000} ms  {JsonText.Of(step, "name")}  {JsonText.Of(step, "detail")}").TrimEnd());
        }
    }

    private static string Count(JsonElement explained, string name) =>
        explained.TryGetProperty(name, out var value) && value.TryGetInt64(out var count) ? Numbers.Count(count) : "?";
}
