using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Server.Alerting;
using Bitacora.Server.Answers;
using Bitacora.Server.Configuration;
using Bitacora.Server.Hosting;
using Bitacora.Server.Intake;
using Bitacora.Server.PythonHandlers;
using Bitacora.Server.Searching;
using Bitacora.Server.Security;
using Bitacora.Storage.Cassandra;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Observing;

/// <summary>What the server and its store say of themselves.</summary>
internal sealed class StatsEndpoints(
    StorageNode node, ServerState state, ServerOptions options, Admission admission, InFlightBudget budget, TailAnswer tails,
    PythonListeners python, AlertLoop alerts, TimeProvider clock)
{
    public async Task StatsAsync(HttpContext http)
    {
        var asked = Asked(http);
        var cluster = asked.Contains("cluster") ? node.Store as CassandraLogStore : null;
        if (asked.Contains("verify"))
        {
            await node.Store.VerifyAsync(http.RequestAborted);
        }

        // It takes seconds: what is counted is counted after it.
        var report = cluster is null ? null : await cluster.ReportAsync(http.RequestAborted);
        var status = await node.Store.StatusAsync(http.RequestAborted);
        var pipeline = node.Pipeline;
        await JsonAnswer.WriteAsync(http, json =>
        {
            json.WriteStartObject("server"u8);
            json.WriteString("version"u8, ProductVersion.Text);
            json.WriteNumber("pid"u8, Environment.ProcessId);
            json.WriteString("since"u8, RecordTime.Format(RecordTime.From(state.Since)));
            json.WriteString("time"u8, RecordTime.Format(RecordTime.Now(clock)));
            json.WriteNumber("body_bytes_in_memory"u8, budget.Taken);
            json.WriteNumber("tails"u8, tails.Open);
            json.WriteEndObject();
            StatsWriter.Write(json, "records", pipeline.Counters.Live);
            StatsWriter.Write(json, "recovered", pipeline.Counters.Recovered);
            PythonHandlerStats.Write(json, python);
            AlertStats.Write(json, alerts);
            json.WriteStartObject("wal"u8);
            json.WriteNumber("bytes"u8, pipeline.LogBytes);
            json.WriteNumber("waiting_bytes"u8, pipeline.WaitingBytes);
            json.WriteNumber("undelivered_bytes"u8, pipeline.UndeliveredBytes);
            json.WriteNumber("left_in_log_bytes"u8, pipeline.LeftInLogBytes);
            json.WriteNumber("left_in_log_records"u8, pipeline.LeftInLogRecords);
            json.WriteNumber("known_origins"u8, pipeline.KnownOrigins);
            json.WriteString("problem"u8, node.Writes.Problem);
            json.WriteNumber("dead_letters"u8, node.DeadLetters.Count);
            json.WriteNumber("dead_letter_bytes"u8, node.DeadLetters.Bytes);
            StatsWriter.Write(json, pipeline.Recovery);
            json.WriteEndObject();
            StatsWriter.Write(json, status, Retention);
            if (cluster is not null)
            {
                ClusterWriter.Write(json, report);
            }
        });
    }

    public async Task FieldsAsync(HttpContext http)
    {
        var parameters = SearchParameters.ReadRange(SearchParameters.Of(http.Request.Query));
        var query = QueryParser.Parse("", parameters.Context(clock));
        var fields = await node.Store.FieldsAsync(query.Range, http.RequestAborted);
        await JsonAnswer.WriteAsync(http, json =>
        {
            json.WriteStartArray("fields"u8);
            foreach (var field in fields)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, field.Name);
                json.WriteString("type"u8, TypeName(field.Type));
                json.WriteNumber("count"u8, field.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("from"u8, RecordTime.Format(query.Range.From));
            json.WriteString("to"u8, RecordTime.Format(query.Range.To));
        });
    }

    public Task OriginAsync(HttpContext http)
    {
        if (!Origin.TryParse(http.Request.RouteValues["origin"] as string, out var origin))
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status400BadRequest, ProblemCode.BadParameter, "An origin is 32 hexadecimal digits."));
        }

        var known = node.Pipeline.Positions(origin);
        return JsonAnswer.WriteAsync(http, json =>
        {
            json.WriteString("origin"u8, origin.ToString());
            json.WriteStartArray("senders"u8);
            foreach (var positions in known)
            {
                json.WriteStartObject();
                json.WriteString("sender"u8, positions.Sender.ToString());
                json.WriteString("last_seen"u8, RecordTime.Format(positions.LastSeen));
                json.WriteStartArray("intervals"u8);
                foreach (var range in positions.Ranges)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(range.First);
                    json.WriteNumberValue(range.End);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>The process answers.</summary>
    public static Task LiveAsync(HttpContext http) => JsonAnswer.WriteAsync(http, json => json.WriteString("status"u8, "live"));

    /// <summary>It takes writes and answers searches; 503 with the reasons while it cannot.</summary>
    public async Task ReadyAsync(HttpContext http)
    {
        List<string> reasons = [];
        if (state.Stopping.IsCancellationRequested)
        {
            reasons.Add("the server is stopping");
        }

        if (node.Writes.Problem is { } problem)
        {
            reasons.Add(problem);
        }

        if (node.Pipeline.StartBehind is { } behind)
        {
            reasons.Add(behind);
        }

        var status = await node.Store.QuickStatusAsync(http.RequestAborted);
        reasons.AddRange(status.Problems);

        // Everybody may ask; paths and hosts are for those who may read.
        var mayKnow = admission.IsOpen || Caller.Of(http).Scope.HasFlag(KeyScope.Read);
        await JsonAnswer.WriteAsync(
            http,
            json =>
            {
                json.WriteString("status"u8, reasons.Count == 0 ? "ready" : "not ready");
                json.WriteStartArray("reasons"u8);
                (mayKnow ? reasons : []).ForEach(json.WriteStringValue);
                json.WriteEndArray();

                // Records are taken and found all the same: a server whose alerts do not arrive is ready.
                json.WriteStartArray("alerting"u8);
                foreach (var trouble in mayKnow ? alerts.Problems : [])
                {
                    json.WriteStringValue($"{trouble.Subject}: {trouble.Text}");
                }

                json.WriteEndArray();
            },
            reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>How long records are kept; null where each table says it.</summary>
    private string? Retention =>
        node.Store is CassandraLogStore ? null : options.Retention is { } kept ? SettingText.Duration(kept) : "forever";

    /// <summary>The parameters that are said to be true.</summary>
    private static HashSet<string> Asked(HttpContext http)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in SearchParameters.Of(http.Request.Query))
        {
            if (name is not ("cluster" or "verify") || value is not ("" or "1" or "true" or "0" or "false"))
            {
                throw new ProblemException(new Problem(
                    StatusCodes.Status400BadRequest, ProblemCode.BadParameter, "There are two parameters, cluster=true and verify=true.")
                {
                    Members = [new("parameter", name)],
                });
            }

            if (value is not ("0" or "false"))
            {
                asked.Add(name);
            }
        }

        return asked;
    }

    private static string TypeName(AttributeType type) => type switch
    {
        AttributeType.Int64 => "long",
        AttributeType.Double => "double",
        AttributeType.Boolean => "bool",
        _ => "string",
    };
}
