using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bitacora.Records;

namespace Bitacora.Alerting.Messages;

/// <summary>A message as JSON for programs: names do not change with the language, times are UTC.</summary>
internal static class WebhookMessage
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Of(AlertMessage message)
    {
        var notification = message.Notification;
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                notification.Id,
                notification.Rule,
                notification.Kind,
                notification.Severity,
                Title = message.Title,
                notification.Problem,
                notification.Query,
                notification.Condition,
                From = RecordTime.Format(notification.From),
                To = RecordTime.Format(notification.To),
                Count = notification.Matching,
                Groups = notification.Groups.Select(group => new
                {
                    group.AlertId,
                    By = notification.By.Zip(group.Values).ToDictionary(pair => pair.First, pair => pair.Second),
                    group.Count,
                    Since = RecordTime.Format(group.Since),
                }),
                notification.MoreGroups,
                Lines = notification.Lines.Select(line => new
                {
                    Time = RecordTime.Format(line.Time),
                    Level = Levels.Name(line.Level),
                    line.Source,
                    line.Logger,
                    line.RequestId,
                    line.Message,
                    line.TracebackFirst,
                    line.TracebackLast,
                }),
                MoreLines = notification.Lines.Count == 0 ? 0 : Math.Max(0, notification.Matching - notification.Lines.Count),
                notification.LinesProblem,
                Link = message.Link?.AbsoluteUri,
                notification.Runbook,
                notification.Labels,
            },
            Options);
    }
}
