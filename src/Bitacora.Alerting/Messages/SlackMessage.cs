using System.Text;
using System.Text.Json;

namespace Bitacora.Alerting.Messages;

/// <summary>
/// A message as Slack's blocks, within its limits: a header of 150 characters, sections of 3,000, an address of 3,000, 50 blocks.
/// </summary>
internal static class SlackMessage
{
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;
    private const int MaxFact = 700;
    private const int MaxLine = 600;
    private const string Fence = "```";

    public static byte[] Of(AlertMessage message)
    {
        var blocks = new List<object>
        {
            new { type = "header", text = new { type = "plain_text", text = VisibleText.Of(message.Title, MaxHeader), emoji = false } },
        };
        var facts = message.Facts.Select(fact => $"*{Escape(fact.Name)}:* {EscapeTo(fact.Text, MaxFact)}");
        foreach (var text in Sections(message.Note is { } note ? facts.Prepend(Escape(note)) : facts, MaxSection))
        {
            blocks.Add(Section(text));
        }

        var lines = message.Lines.Select(line => EscapeTo(line, MaxLine));
        foreach (var text in Sections(lines, MaxSection - (2 * Fence.Length) - 2))
        {
            blocks.Add(Section($"{Fence}\n{text}\n{Fence}"));
        }

        if (message.Link is { } link && link.AbsoluteUri.Length < MaxSection - 100)
        {
            blocks.Add(Section($"<{Escape(link.AbsoluteUri)}|{Escape(message.LinkText)}>"));
        }

        return JsonSerializer.SerializeToUtf8Bytes(new { text = EscapeTo(message.Title, MaxSection), blocks });
    }

    private static object Section(string text) => new { type = "section", text = new { type = "mrkdwn", text } };

    private static IEnumerable<string> Sections(IEnumerable<string> lines, int most)
    {
        var section = new StringBuilder();
        foreach (var line in lines)
        {
            if (section.Length > 0 && section.Length + 1 + line.Length > most)
            {
                yield return section.ToString();
                section.Clear();
            }

            section.Append(section.Length > 0 ? "\n" : "").Append(line);
        }

        if (section.Length > 0)
        {
            yield return section.ToString();
        }
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Cut before it is escaped, so that no escape is cut. A fence in a record would end ours.
    private static string EscapeTo(string text, int most)
    {
        text = text.Replace(Fence, "'''", StringComparison.Ordinal);
        var escaped = Escape(VisibleText.Of(text, most));
        for (var length = most; escaped.Length > most; length -= (escaped.Length - most + 4) / 5)
        {
            escaped = Escape(VisibleText.Of(text, length));
        }

        return escaped;
    }
}
