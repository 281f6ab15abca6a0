using System.Net;
using System.Text;

namespace Bitacora.Alerting.Messages;

/// <summary>A message as HTML, for mails: no script, no image, nothing that is loaded.</summary>
internal static class HtmlMessage
{
    public static string Of(AlertMessage message)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html><body style=\"font-family:sans-serif\">\n<h2>")
            .Append(Encode(message.Title)).Append("</h2>\n");
        if (message.Note is { } note)
        {
            html.Append("<p>").Append(Encode(note)).Append("</p>\n");
        }

        html.Append("<table>\n");
        foreach (var (name, fact) in message.Facts)
        {
            html.Append("<tr><th align=\"left\" valign=\"top\">").Append(Encode(name)).Append("</th><td>").Append(Encode(fact))
                .Append("</td></tr>\n");
        }

        html.Append("</table>\n");
        var lines = string.Join('\n', message.Lines.Select(Encode));
        if (lines.Length > 0)
        {
            html.Append("<pre style=\"white-space:pre-wrap\">").Append(lines).Append("</pre>\n");
        }

        if (message.Link is { } link)
        {
            html.Append("<p><a href=\"").Append(Encode(link.AbsoluteUri)).Append("\">").Append(Encode(message.LinkText))
                .Append("</a></p>\n");
        }

        return html.Append("</body></html>\n").ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
