using System.Text.Json;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Server.Observing;

/// <summary>Writes counts and status as JSON.</summary>
internal static class StatsWriter
{
    public static void Write(Utf8JsonWriter json, string name, DeliveryCounts counts)
    {
        json.WriteStartObject(name);
        json.WriteNumber("received"u8, counts.Received);
        json.WriteNumber("accepted"u8, counts.Accepted);
        json.WriteNumber("rejected"u8, counts.Rejected);
        json.WriteNumber("stored"u8, counts.Stored);
        json.WriteNumber("duplicates"u8, counts.Duplicates);
        json.WriteNumber("pending"u8, counts.Pending);
        json.WriteNumber("dropped"u8, counts.Dropped);
        json.WriteNumber("dead"u8, counts.Dead);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, WalRecovery recovery)
    {
        json.WriteStartObject("recovery"u8);
        json.WriteNumber("files"u8, recovery.Files);
        json.WriteNumber("batches"u8, recovery.Batches);
        json.WriteNumber("records"u8, recovery.Records);
        json.WriteNumber("losses"u8, recovery.LossCount);
        json.WriteNumber("lost_bytes"u8, recovery.LostBytes);
        json.WriteStartArray("lost"u8);
        foreach (var loss in recovery.Losses.Take(20))
        {
            json.WriteStartObject();
            json.WriteString("file"u8, loss.File);
            json.WriteNumber("offset"u8, loss.Offset);
            json.WriteNumber("bytes"u8, loss.Bytes);
            json.WriteString("reason"u8, loss.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, StoreStatus status, string? retention)
    {
        json.WriteStartObject("store"u8);
        json.WriteString("kind"u8, status.Kind);
        json.WriteString("location"u8, status.Location);
        json.WriteNumber("records"u8, status.Records);
        json.WriteNumber("unsealed_records"u8, status.UnsealedRecords);
        json.WriteNumber("disk_bytes"u8, status.DiskBytes);
        json.WriteString("oldest"u8, status.Oldest is { } oldest ? RecordTime.Format(oldest) : null);
        json.WriteString("newest"u8, status.Newest is { } newest ? RecordTime.Format(newest) : null);
        json.WriteString("retention"u8, retention);
        json.WriteStartArray("problems"u8);
        foreach (var problem in status.Problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
        json.WriteStartArray("files"u8);
        foreach (var file in status.Files)
        {
            Write(json, file);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FileStatus file)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, file.Name);
        json.WriteString("oldest"u8, RecordTime.Format(file.Oldest));
        json.WriteString("newest"u8, RecordTime.Format(file.Newest));
        json.WriteNumber("records"u8, file.Records);
        json.WriteNumber("segments"u8, file.Segments);
        json.WriteNumber("bytes"u8, file.Bytes);
        json.WriteString("last_seal"u8, RecordTime.Format(RecordTime.From(file.LastSeal)));
        if (file.Problem is not null)
        {
            json.WriteString("problem"u8, file.Problem);
        }

        json.WriteEndObject();
    }
}
