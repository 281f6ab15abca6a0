using System.Collections.Concurrent;
using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Marks partitions that get records after their time: what was derived from their manifests before does not count any more. Before each
/// such slice, but once a minute for each partition. Safe from any thread.
/// </summary>
internal sealed class LateMarks(ClusterLink link, TimeProvider clock)
{
    /// <summary>How long after its end a bucket may still get records without being late.</summary>
    public static TimeSpan Tolerance { get; } = TimeSpan.FromMinutes(15);

    private const int MaxRemembered = 100_000;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(Layer Layer, PartitionKey Key), long> _marked = [];

    public async ValueTask MarkAsync(Slice slice, CancellationToken cancellationToken)
    {
        var end = slice.Key.Begin + link.Layouts.At(slice.Layer, slice.Key.Begin).BucketTicks;
        var now = RecordTime.Now(clock) + link.ClockOffset.Ticks;
        if (now - end <= Tolerance.Ticks)
        {
            return;
        }

        var key = (slice.Layer, slice.Key);
        if (_marked.TryGetValue(key, out var marked) && clock.GetElapsedTime(marked) < Lasts)
        {
            return;
        }

        var at = clock.GetTimestamp();
        (await link.Session.ExecuteAsync(
            link.Statements.InsertLate, new Values(slice.Layer, slice.Key, now / RecordTime.Millisecond), link.Write, cancellationToken)
            .ConfigureAwait(false)).Dispose();
        if (_marked.Count >= MaxRemembered)
        {
            _marked.Clear();
        }

        _marked[key] = at;
    }

    private readonly struct Values(Layer layer, PartitionKey key, long now) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteDate(key.Date);
            writer.WriteInt16(key.Bucket);
            writer.WriteUtf8(LayerNames.Utf8(layer));
            writer.WriteInt16(key.Shard);
            writer.WriteTimestamp(now);
        }
    }
}
