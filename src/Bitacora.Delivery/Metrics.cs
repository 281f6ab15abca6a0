using System.Diagnostics.Metrics;

namespace Bitacora.Delivery;

/// <summary>The meter <c>Bitacora.Delivery</c> of one pipeline; instruments are listed in <c>docs/events.md</c>.</summary>
internal sealed class Metrics : IDisposable
{
    private readonly Meter _meter = new("Bitacora.Delivery");
    private readonly Histogram<double> _fsync;
    private readonly Histogram<int> _group;

    public Metrics(BatchPipeline pipeline)
    {
        Count("received", counts => counts.Received, pipeline);
        Count("rejected", counts => counts.Rejected, pipeline);
        Count("stored", counts => counts.Stored, pipeline);
        Count("duplicates", counts => counts.Duplicates, pipeline);
        Count("dropped", counts => counts.Dropped, pipeline);
        Count("dead", counts => counts.Dead, pipeline);
        _meter.CreateObservableGauge(
            "bitacora.delivery.pending", () => pipeline.Counters.Live.Pending, "{record}", "Records whose fate is not known yet.");
        _meter.CreateObservableGauge(
            "bitacora.delivery.waiting", () => pipeline.WaitingBytes, "By", "Batches that wait to be written to the write-ahead log.");
        _meter.CreateObservableGauge(
            "bitacora.delivery.undelivered", () => pipeline.UndeliveredBytes, "By",
            "Batches that are durable and in memory until the destination has them.");
        _meter.CreateObservableGauge(
            "bitacora.delivery.left", () => pipeline.LeftInLogBytes, "By",
            "Batches that wait for the destination in the write-ahead log only.");
        _meter.CreateObservableGauge(
            "bitacora.delivery.left.records", () => pipeline.LeftInLogRecords, "{record}", "Their records.");
        _meter.CreateObservableGauge("bitacora.wal.size", () => pipeline.LogBytes, "By", "The write-ahead log's files.");
        _fsync = _meter.CreateHistogram<double>(
            "bitacora.wal.write.duration", "s", "Writing and fsyncing a group.");
        _group = _meter.CreateHistogram<int>("bitacora.wal.group", "{batch}", "Batches that shared an fsync.");
    }

    public void Wrote(int batches, TimeSpan duration)
    {
        _group.Record(batches);
        _fsync.Record(duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private void Count(string name, Func<DeliveryCounts, long> value, BatchPipeline pipeline) =>
        _meter.CreateObservableCounter(
            "bitacora.delivery." + name,
            () => new[]
            {
                new Measurement<long>(value(pipeline.Counters.Live), new KeyValuePair<string, object?>("from", "senders")),
                new Measurement<long>(value(pipeline.Counters.Recovered), new KeyValuePair<string, object?>("from", "recovery")),
            },
            "{record}",
            "Records by what became of them.");
}
