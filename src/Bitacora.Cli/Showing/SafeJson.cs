using System.Globalization;
using System.Text;

namespace Bitacora.Cli.Showing;

/// <summary>
/// JSON for a terminal: DEL and the C1 controls, which JSON may hold raw, are written as <c>\u</c> escapes. It stays the same value.
/// </summary>
internal static class SafeJson
{
    public static string ForTerminal(string json)
    {
        if (!json.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return json;
        }

        var safe = new StringBuilder(json.Length + 16);
        foreach (var c in json)
        {
            if (c is >= '\u007f' and <= '\u009f')
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                safe.Append(c);
            }
        }

        return safe.ToString();
    }
}
