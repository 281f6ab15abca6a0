using System.Diagnostics.Metrics;

namespace Bitacora.Client;

/// <summary>The meter <c>Bitacora.Client</c> of one queue; instruments are listed in <c>docs/events.md</c>.</summary>
internal sealed class Metrics : IDisposable
{
    private static int _queues;

    private readonly Meter _meter;

    public Metrics(LogQueue queue, string source)
    {
        // A process may have several queues, of one source even: to a server and to a cluster, say.
        _meter = new Meter(new MeterOptions("Bitacora.Client")
        {
            Tags = [new("source", source), new("queue", Interlocked.Increment(ref _queues))],
        });
        Count("accepted", s => s.Accepted, queue, "Logs that were taken.");
        Count("written", s => s.LogsWritten, queue, "Logs that the destination has.");
        Count("dead", s => s.Dead, queue, "Logs that the destination refused and that are kept.");
        Count("spooled", s => s.Spooled, queue, "Logs that went into the spool.");
        Count("replayed", s => s.Replayed, queue, "Logs that the destination has from there.");
        _meter.CreateObservableCounter(
            "bitacora.client.dropped", () => Drops(queue.Snapshot()), "{record}", "Logs that are lost, by reason.");
        _meter.CreateObservableCounter(
            "bitacora.client.batches", () => queue.Snapshot().Batches, "{batch}", "Batches that were delivered.");
        _meter.CreateObservableCounter("bitacora.client.errors", () => queue.Snapshot().Errors, "{request}", "Requests that failed.");
        _meter.CreateObservableCounter(
            "bitacora.client.retries", () => queue.Snapshot().Retries, "{request}", "Requests after the first of each batch.");
        Gauge("queue.records", s => s.InRing, "{record}", queue, "Logs in the queue.");
        Gauge("queue.size", s => s.RingBytes, "By", queue, "Their bytes.");
        Gauge("spool.records", s => s.InSpool, "{record}", queue, "Logs in the spool.");
        Gauge("spool.size", s => s.SpoolBytes, "By", queue, "The bytes of its files.");
        _meter.CreateObservableGauge(
            "bitacora.client.oldest", () => queue.Snapshot().OldestUnsentAge.TotalSeconds, "s", "The age of the oldest log that waits.");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] Drops(LogStatistics statistics) =>
    [
        Drop(statistics.DroppedFull, "queue_full"),
        Drop(statistics.DroppedClosed, "already_shutdown"),
        Drop(statistics.DroppedFailed, "failed"),
        Drop(statistics.DroppedSpool, "spool_full"),
        Drop(statistics.DroppedRefused, "refused"),
        Drop(statistics.DroppedShutdown, "shutdown"),
    ];

    private static Measurement<long> Drop(long value, string reason) =>
        new(value, new KeyValuePair<string, object?>("error.type", reason));

    private void Count(string name, Func<LogStatistics, long> value, LogQueue queue, string what) =>
        _meter.CreateObservableCounter("bitacora.client." + name, () => value(queue.Snapshot()), "{record}", what);

    private void Gauge(string name, Func<LogStatistics, long> value, string unit, LogQueue queue, string what) =>
        _meter.CreateObservableGauge("bitacora.client." + name, () => value(queue.Snapshot()), unit, what);
}
