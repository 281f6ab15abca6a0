using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// Adds to a notification the first and the last records that it is about. An alert without its lines is better than none: what goes wrong
/// here is said in the notification.
/// </summary>
internal sealed class LineReader(AskStore ask, TimeSpan deadline)
{
    private const int Ends = AlertNotification.MaxLines / 2;

    public async Task<AlertNotification> AddLinesAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        if (notification.Kind is AlertKind.Resolved or AlertKind.Test || notification.Matching == 0)
        {
            return notification;
        }

        try
        {
            var isFew = notification.Matching <= AlertNotification.MaxLines;
            var (newest, reason) = await ReadAsync(
                notification, $"limit {(isFew ? AlertNotification.MaxLines : Ends)}", cancellationToken).ConfigureAwait(false);
            if (!isFew)
            {
                // By id too: many logs have whole seconds, and of equal times the newest come first.
                var (oldest, other) = await ReadAsync(
                    notification, $"sort time, id | limit {Ends}", cancellationToken).ConfigureAwait(false);
                newest.AddRange(oldest);
                reason ??= other;
            }

            return notification with
            {
                Lines = [.. newest.DistinctBy(record => record.Id).OrderBy(record => record.Id).Select(AlertLine.Of)],
                LinesProblem = reason,
            };
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return notification with { LinesProblem = error.Message };
        }
    }

    private async Task<(List<LogRecord> Records, string? Reason)> ReadAsync(
        AlertNotification notification, string stages, CancellationToken cancellationToken)
    {
        var query = QueryParser.Parse($"{notification.Search} | {stages}", new QueryContext
        {
            Now = RecordTime.ToDateTimeOffset(notification.To),
            FromTicks = notification.From,
            ToTicks = notification.To,
        });
        var records = new List<LogRecord>();
        string? reason = null;
        var options = new QueryOptions { Deadline = deadline };
        await foreach (var part in ask(query, options, cancellationToken).ConfigureAwait(false))
        {
            switch (part)
            {
                case AnswerRecord row:
                    records.Add(row.Record);
                    break;
                case AnswerEnd end:
                    reason = end.Completeness.Reasons is [var first, ..] ? first.Text : null;
                    break;
            }
        }

        return (records, reason);
    }
}
