using Bitacora.Records;
using Bitacora.Server.Answers;
using Bitacora.Server.Configuration;
using Bitacora.Server.Searching;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Administration;

/// <summary>Deletes, or says what would be deleted, what is wholly older than an age: the one given, or the retention's.</summary>
internal sealed class RetentionEndpoint(ILogStore store, ServerOptions options, TimeProvider clock)
{
    public async Task PostAsync(HttpContext http)
    {
        if (store is CassandraLogStore)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status409Conflict, ProblemCode.KeptByTable,
                "Records on a cluster end by their table's time to live; `bitacora schema plan --ttl-days N` changes it for new records."));
        }

        var age = options.Retention;
        var dryRun = false;
        foreach (var (name, value) in SearchParameters.Of(http.Request.Query))
        {
            switch (name)
            {
                case "dry_run":
                    dryRun = value is "" or "1" or "true" || (value is "0" or "false" ? false : throw Bad(name, "true or false"));
                    break;
                case "older_than" when SettingText.TryDuration(value, out var given) && given >= TimeSpan.FromHours(1):
                    age = given;
                    break;
                case "older_than":
                    throw Bad(name, "a duration of at least 1h, such as 90d");
                default:
                    throw Bad(name, "one of dry_run, older_than");
            }
        }

        if (age is not { } kept)
        {
            throw Bad("older_than", "given, because no retention is configured (storage:retention)");
        }

        var before = RecordTime.Now(clock) - kept.Ticks;
        var report = await store.DeleteOlderThanAsync(before, dryRun, http.RequestAborted);
        await JsonAnswer.WriteAsync(http, json =>
        {
            json.WriteBoolean("dry_run"u8, report.DryRun);
            json.WriteString("before"u8, RecordTime.Format(before));
            json.WriteNumber("records"u8, report.Records);
            json.WriteNumber("bytes"u8, report.Bytes);
            json.WriteStartArray("files"u8);
            foreach (var file in report.Files)
            {
                json.WriteStringValue(file);
            }

            json.WriteEndArray();
        });
    }

    private static ProblemException Bad(string name, string allowed) => new(new Problem(
        StatusCodes.Status400BadRequest, ProblemCode.BadParameter, $"The parameter '{name}' must be {allowed}.")
    {
        Members = [new("parameter", name)],
    });
}
