using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Alerting.Messages;

/// <summary>A message as one line of a file, with its time in UTC.</summary>
internal static class LogLine
{
    public static string Of(AlertMessage message)
    {
        var notification = message.Notification;
        var time = RecordTime.ToDateTimeOffset(notification.To).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var groups = string.Join("; ", message.Facts.Select(fact => $"{fact.Name}: {fact.Text}"));
        var first = message.Lines.FirstOrDefault() is { } line ? $"; {message.LinesTitle}: {line}" : "";
        return $"{time} {message.Title}; {groups}{first}{(message.Link is { } link ? $"; {link.AbsoluteUri}" : "")}";
    }
}
