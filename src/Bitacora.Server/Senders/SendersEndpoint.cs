using System.Text.Json;
using Bitacora.Records;
using Bitacora.Server.Answers;
using Bitacora.Server.Security;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Senders;

/// <summary>Says who sends, and who was refused.</summary>
internal sealed class SendersEndpoint(SenderBook senders, RefusedCallers refused)
{
    private static readonly string[] _counters = ["accepted", "delivered", "waiting", "batches", "retries", "spooled", "replayed"];

    public static string NameOf(RefusalReason reason) => reason switch
    {
        RefusalReason.NoKey => "no_key",
        RefusalReason.UnknownKey => "unknown_key",
        RefusalReason.Scope => "scope",
        _ => "foreign_sender",
    };

    private static string NameOf(KeyScope wanted) => wanted switch
    {
        KeyScope.Ingest => "ingest",
        KeyScope.Read => "read",
        _ => "manage",
    };

    public Task GetAsync(HttpContext http) => JsonAnswer.WriteAsync(http, json =>
    {
        json.WriteStartArray("senders"u8);
        foreach (var sender in senders.List())
        {
            Write(json, sender);
        }

        json.WriteEndArray();
        json.WriteStartArray("refused"u8);
        foreach (var caller in refused.List())
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, NameOf(caller.Reason));
            json.WriteString("wanted"u8, NameOf(caller.Wanted));
            json.WriteString("address"u8, caller.Address);
            json.WriteString("key"u8, caller.Key);
            json.WriteString("client"u8, caller.Client);
            json.WriteNumber("requests"u8, caller.Requests);
            WriteTime(json, "first_seen", caller.First);
            WriteTime(json, "last_seen", caller.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("malformed_headers"u8, senders.Malformed);
    });

    private static void Write(Utf8JsonWriter json, SenderStatus sender)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, sender.Name);
        json.WriteString("state"u8, sender.State switch
        {
            SenderState.Drops => "drops",
            SenderState.Silent => "silent",
            SenderState.Ended => "ended",
            _ => "ok",
        });
        json.WriteString("key"u8, sender.Key);
        json.WriteString("host"u8, sender.Host);
        WriteNumber(json, "process", sender.Process);
        json.WriteString("client"u8, sender.Client);
        json.WriteString("address"u8, sender.Address);
        json.WriteNumber("requests"u8, sender.Requests);
        json.WriteNumber("records"u8, sender.Records);
        json.WriteNumber("rejected"u8, sender.Rejected);
        WriteTime(json, "first_seen", sender.FirstSeen);
        WriteTime(json, "last_seen", sender.LastSeen);
        if (sender.Header is { } header)
        {
            json.WriteStartObject("says"u8);
            foreach (var counter in _counters)
            {
                WriteNumber(json, counter, header.Counter(counter));
            }

            json.WriteNumber("dropped"u8, header.Dropped);
            json.WriteStartObject("drops"u8);
            foreach (var (reason, count) in header.Drops)
            {
                json.WriteNumber(reason, count);
            }

            json.WriteEndObject();
            if (header.Number("oldest") is { } oldest)
            {
                json.WriteNumber("oldest_seconds"u8, oldest);
            }

            json.WriteString("last_error"u8, header.Text("last-error"));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, RecordTime.Format(RecordTime.From(time)));
}
