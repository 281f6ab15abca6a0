using System.Globalization;
using System.Text;

namespace Bitacora.Cli.Showing;

/// <summary>
/// JSON for a terminal: DEL, the C1 controls, and the invisible characters that turn text round, which JSON may hold raw, are written as
/// <c>\u</c> escapes. It stays the same value.
/// </summary>
internal static class SafeJson
{
    public static string ForTerminal(string json)
    {
        StringBuilder? safe = null;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c is >= '\u007f' and <= '\u009f' || SafeText.IsInvisible(c))
            {
                safe ??= new StringBuilder(json.Length + 16).Append(json, 0, i);
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                safe?.Append(c);
            }
        }

        return safe?.ToString() ?? json;
    }
}
