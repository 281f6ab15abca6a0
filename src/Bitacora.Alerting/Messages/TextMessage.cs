using System.Text;

namespace Bitacora.Alerting.Messages;

/// <summary>A message as plain text: for terminals and the text part of mails.</summary>
internal static class TextMessage
{
    public static string Of(AlertMessage message)
    {
        var text = new StringBuilder(message.Title).Append('\n');
        if (message.Note is { } note)
        {
            text.Append(note).Append('\n');
        }

        foreach (var (name, fact) in message.Facts)
        {
            text.Append(name).Append(": ").Append(fact).Append('\n');
        }

        var isFirst = true;
        foreach (var line in message.Lines)
        {
            text.Append(isFirst ? $"{message.LinesTitle}:\n" : "").Append("  ").Append(line).Append('\n');
            isFirst = false;
        }

        return (message.Link is { } link ? text.Append(message.LinkText).Append(": ").Append(link.AbsoluteUri).Append('\n') : text)
            .ToString();
    }
}
