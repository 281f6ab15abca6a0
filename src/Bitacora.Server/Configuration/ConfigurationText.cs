using System.Text;
using System.Text.Encodings.Web;

namespace Bitacora.Server.Configuration;

/// <summary>Writes options as a configuration file with comments.</summary>
internal static class ConfigurationText
{
    public static string Of(ServerOptions options, Func<Setting, string> sourceOf)
    {
        var text = new StringBuilder("{\n");
        foreach (var group in Settings.All.GroupBy(setting => setting.Key.Split(':') is [var first, _] ? first : ""))
        {
            var indent = group.Key.Length == 0 ? "  " : "    ";
            if (group.Key.Length > 0)
            {
                text.Append("  \"").Append(group.Key).Append("\": {\n");
            }

            foreach (var setting in group)
            {
                text.Append(indent).Append("// ").Append(setting.Purpose).Append("; ").Append(setting.Allowed)
                    .Append(" (").Append(sourceOf(setting)).Append(")\n")
                    .Append(indent);
                if (setting.IsSecret && setting.Get(options).Length > 0)
                {
                    text.Append("// \"").Append(setting.Key.Split(':')[^1])
                        .Append("\" is set and not shown: write it here, or set BITACORA__")
                        .Append(setting.Key.ToUpperInvariant().Replace(":", "__", StringComparison.Ordinal)).Append('\n');
                    continue;
                }

                text.Append('"').Append(setting.Key.Split(':')[^1]).Append("\": \"")
                    .Append(JavaScriptEncoder.Default.Encode(setting.Get(options))).Append("\",\n");
            }

            if (group.Key.Length > 0)
            {
                text.Append("  },\n");
            }
        }

        if (options.Alerts?.Section is { } alerts)
        {
            text.Append("  // rules and channels of alerts, as they stand in the file; see docs/alerting.md\n  \"alerts\": ")
                .Append(alerts).Append(",\n");
        }

        return text.Append("}\n").ToString();
    }
}
