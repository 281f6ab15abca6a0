using System.Buffers;
using System.Globalization;
using System.Text;
using Bitacora.Server.Alerting;
using Bitacora.Server.Hosting;
using Bitacora.Server.Intake;
using Bitacora.Server.PythonHandlers;
using Bitacora.Server.Searching;
using Bitacora.Server.Security;
using Bitacora.Server.Senders;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Observing;

/// <summary>Counters and gauges in Prometheus' text format; listed in <c>docs/events.md</c>.</summary>
internal sealed class MetricsEndpoint(
    StorageNode node, ServerState state, InFlightBudget budget, TailAnswer tails, PythonListeners python, SenderBook senders,
    RefusedCallers refused, AlertLoop alerts, TimeProvider clock)
{
    public async Task WriteAsync(HttpContext http)
    {
        var status = await node.Store.QuickStatusAsync(http.RequestAborted);
        var text = new StringBuilder(4096);
        var live = node.Pipeline.Counters.Live;
        var recovered = node.Pipeline.Counters.Recovered;
        Records(text, "received", "Records that came.", live.Received, recovered.Received);
        Records(text, "accepted", "Records that were not refused.", live.Accepted, recovered.Accepted);
        Records(text, "rejected", "Records that were refused.", live.Rejected, recovered.Rejected);
        Records(text, "stored", "Records that the store took.", live.Stored, recovered.Stored);
        Records(text, "duplicates", "Records that had come before.", live.Duplicates, recovered.Duplicates);
        Records(text, "dropped", "Records that no store takes or that were lost in the log.", live.Dropped, recovered.Dropped);
        Records(text, "dead", "Records that are dead letters.", live.Dead, recovered.Dead);
        One(text, "bitacora_records_pending", "gauge", "Records whose fate is not known yet.", live.Pending + recovered.Pending);
        One(text, "bitacora_wal_bytes", "gauge", "Bytes of the write-ahead log.", node.Pipeline.LogBytes);
        One(text, "bitacora_wal_waiting_bytes", "gauge", "Bytes of batches that wait to be written.", node.Pipeline.WaitingBytes);
        One(text, "bitacora_wal_undelivered_bytes", "gauge", "Bytes of batches that wait for the store.", node.Pipeline.UndeliveredBytes);
        One(text, "bitacora_wal_left_bytes", "gauge", "Bytes of batches that wait for the store in the write-ahead log only.",
            node.Pipeline.LeftInLogBytes);
        One(text, "bitacora_wal_left_records", "gauge", "Records that wait for the store in the write-ahead log only.",
            node.Pipeline.LeftInLogRecords);
        One(text, "bitacora_wal_failing", "gauge", "1 while the write-ahead log cannot be written.", node.Writes.Problem is null ? 0 : 1);
        One(text, "bitacora_wal_losses_total", "counter", "Losses that were found in the write-ahead log.", node.Pipeline.LossCount);
        One(text, "bitacora_dead_letter_bytes", "gauge", "Bytes of dead letters.", node.DeadLetters.Bytes);
        One(text, "bitacora_store_records", "gauge", "Records that queries see.", status.Records);
        One(text, "bitacora_store_unsealed_records", "gauge", "Records of them in memory and in the write-ahead log only.",
            status.UnsealedRecords);
        One(text, "bitacora_store_bytes", "gauge", "Bytes of the store on disk.", status.DiskBytes);
        One(text, "bitacora_store_files", "gauge", "Files of the store.", status.Files.Count);
        One(text, "bitacora_store_problems", "gauge", "What is wrong with the store now; its status says it in words.",
            status.Problems.Count);
        One(text, "bitacora_body_bytes", "gauge", "Bytes of request bodies in memory.", budget.Taken);
        One(text, "bitacora_tails", "gauge", "Live tails that are open.", tails.Open);
        One(text, "bitacora_senders", "gauge", "Senders that sent within a day.", senders.Count);
        One(text, "bitacora_requests_refused_total", "counter", "Requests that were refused for want of a key that may do what they ask.",
            Enum.GetValues<RefusalReason>().Sum(refused.Count));
        PythonHandlerStats.Write(text, python);
        AlertStats.Write(text, alerts, clock);
        One(text, "process_resident_memory_bytes", "gauge", "Resident memory.", Environment.WorkingSet);
        One(text, "process_cpu_seconds_total", "counter", "CPU time.", Environment.CpuUsage.TotalTime.TotalSeconds);
        One(text, "process_start_time_seconds", "gauge", "When the server started.", state.Since.ToUnixTimeMilliseconds() / 1000.0);

        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(text.ToString()));
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static void Records(StringBuilder text, string name, string help, long live, long recovered)
    {
        var full = $"bitacora_records_{name}_total";
        Head(text, full, "counter", help);
        text.Append(full).Append("{from=\"senders\"} ").Append(live.ToString(CultureInfo.InvariantCulture)).Append('\n');
        text.Append(full).Append("{from=\"recovery\"} ").Append(recovered.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    internal static void One(StringBuilder text, string name, string type, string help, double value)
    {
        Head(text, name, type, help);
        text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    internal static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
}
