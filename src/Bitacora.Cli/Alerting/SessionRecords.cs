using System.Text.Json;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Cli.Alerting;

/// <summary>The records of a server as rules ask for them: counts, and the fields of a record that a message shows.</summary>
internal sealed class SessionRecords(BitacoraClient client)
{
    public async IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new SearchRequest
        {
            Query = query.Text,
            From = RecordTime.Format(query.Range.From),
            To = RecordTime.Format(query.Range.To),
            TimeZone = "UTC",
        };
        await foreach (var part in client.SearchAsync(request, cancellationToken))
        {
            switch (part)
            {
                case SearchRow row when query.Aggregate is { } aggregate:
                    yield return GroupOf(row, aggregate);
                    break;
                case SearchRow row:
                    yield return new AnswerRecord(RecordOf(row));
                    break;
                case SearchEnd end:
                    yield return new AnswerEnd(CompletenessOf(end), null, [], query.Range, null);
                    break;
            }
        }
    }

    // With the codes: who counts asks otherwise where there were too many groups.
    private static Completeness CompletenessOf(SearchEnd end)
    {
        if (end.Complete)
        {
            return Completeness.Complete;
        }

        using var json = JsonDocument.Parse(end.Json);
        var codes = json.RootElement.TryGetProperty("answer", out var answer) && answer.TryGetProperty("reasons", out var reasons)
            ? reasons.EnumerateArray().Select(CodeOf).ToArray()
            : [];
        return new Completeness(
        [
            .. end.Reasons.DefaultIfEmpty("").Select((text, i) => new IncompleteReason(codes.ElementAtOrDefault(i) ?? "server", text)),
        ]);
    }

    private static string? CodeOf(JsonElement reason) =>
        reason.ValueKind == JsonValueKind.Object && reason.TryGetProperty("code", out var code) ? code.GetString() : null;

    private static AnswerGroup GroupOf(SearchRow row, Aggregate aggregate)
    {
        using var json = JsonDocument.Parse(row.Json);
        var root = json.RootElement;
        object?[] keys = [.. aggregate.Keys.Select(key => KeyOf(root.GetProperty(key.Column), key))];
        return new AnswerGroup(aggregate.Columns, [.. keys, root.GetProperty(aggregate.Functions[0].Column).GetInt64()]);
    }

    private static object? KeyOf(JsonElement value, GroupKey key)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
        return key.Buckets is null
            ? text
            : LocalTime.TryRead(text, out var time) ? time : throw new BitacoraClientException($"The server wrote '{text}' for a time.");
    }

    private static LogRecord RecordOf(SearchRow row)
    {
        using var json = JsonDocument.Parse(row.Json);
        var root = json.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        return RecordId.TryParse(Text("id"), out var id) && Levels.TryParse(Text("level"), out var level)
            ? new LogRecord
            {
                Id = id,
                Level = level,
                Source = Text("source"),
                Logger = Text("logger"),
                Message = Text("message"),
                Traceback = Text("traceback"),
                RequestId = Text("request_id"),
            }
            : throw new BitacoraClientException("The server wrote a record without id or level.");
    }
}
