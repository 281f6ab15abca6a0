using System.Runtime.CompilerServices;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// One live tail over the whole cluster: about every second it looks for new manifests where records of now belong and, if it began in
/// the past, where late ones were marked; reads the rows of those that may match, and gives each record once. A slow reader is not
/// overrun: what it has not taken is in the cluster.
/// </summary>
internal sealed class Tail(
    CassandraStoreOptions options, QueryEngine queries, LogQuery query, long? from, TimeProvider clock)
{
    private const int MaxRemembered = 1_000_000;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(1);

    // A slice becomes visible up to so long after the time in its id: it was gathered, retried, or its writer's clock is off.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    // Who was away for longer looks no further back: each look reads what has become visible since, wherever it belongs.
    private static readonly TimeSpan LongestAway = TimeSpan.FromHours(1);

    // How far ahead of the clock records may be, and how long after its end a bucket gets records that are not late.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Behind = LateMarks.Tolerance + TimeSpan.FromMinutes(5);

    // The cluster's time through which all slices were seen: whoever was away looks from here on, not from a little while ago.
    private long _seenThrough;

    private readonly Dictionary<RecordId, long> _slices = [];
    private readonly HashSet<RecordId> _records = [];

    public async IAsyncEnumerable<AnswerPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Slices of before are the past's; what is being gathered now counts as new, and what is known of the cluster's clock may be off by
        // a little: a tail that begins with a record too many is better than one that misses any.
        var begin = _seenThrough = queries.ClusterNow - Tolerance.Ticks;
        if (from is { } first)
        {
            await foreach (var record in Past(first).ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                Remember(record.Id);
                yield return new AnswerRecord(record);
            }
        }

        var period = options.GatherFor < LongestPeriod ? options.GatherFor : LongestPeriod;
        while (true)
        {
            var found = await LookAsync(begin, cancellationToken).ConfigureAwait(false);
            foreach (var record in found)
            {
                yield return new AnswerRecord(record);
            }

            await Task.Delay(period, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private PastRecords Past(long first) => new(
        (page, cancel) => queries.AnswerAsync(page, QueryOptions.Default, cancel), query, first, RecordTime.Now(clock) + Ahead.Ticks + 1);

    /// <summary>What has become visible since the last look, oldest first.</summary>
    private async Task<List<LogRecord>> LookAsync(long begin, CancellationToken cancellationToken)
    {
        var now = RecordTime.Now(clock);
        var written = queries.ClusterNow;
        var since = Math.Max(0, Math.Clamp(_seenThrough, written - LongestAway.Ticks, written) - Overlap.Ticks);
        var run = await queries.BeginAsync(query.RowsIn(TimeRange.Everything, 1), cancellationToken).ConfigureAwait(false);
        var found = new List<LogRecord>();
        try
        {
            var partitions = await PartitionsAsync(run, now, since, cancellationToken).ConfigureAwait(false);
            var manifests = await Task.WhenAll(partitions.Select(
                partition => run.Manifests.ReadNewAsync(partition.Layer, partition.Key, RecordId.Create(since, 0), cancellationToken)))
                .ConfigureAwait(false);
            foreach (var group in manifests.SelectMany(list => list).Where(manifest => IsNew(manifest, begin) && !run.IsPending(manifest))
                .GroupBy(manifest => manifest.Key))
            {
                foreach (var read in ReadPlan.Of(run, group.Key, TimeRange.Everything, [.. group]))
                {
                    await ReadAsync(run, read, from ?? (now - LiveTail.MaxAge.Ticks), found, cancellationToken).ConfigureAwait(false);
                }

                foreach (var manifest in group)
                {
                    _slices[manifest.Id] = written;
                }
            }

            // What this server is still trying to write will become visible under the time at which it began to.
            _seenThrough = Math.Min(written, run.Pending.OldestTime ?? written);
        }
        catch (CqlException)
        {
            // Nothing is forgotten: what was not read is new at the next look.
        }

        Forget(since);
        found.Sort((x, y) => x.Id.CompareTo(y.Id));
        return found;
    }

    private bool IsNew(Manifest manifest, long begin) =>
        !_slices.ContainsKey(manifest.Id) && (from is not null || manifest.Id.Time >= begin);

    /// <summary>The partitions that may have got records in the last minutes.</summary>
    private async Task<IEnumerable<(Layer Layer, PartitionKey Key)>> PartitionsAsync(
        QueryRun run, long now, long since, CancellationToken cancellationToken)
    {
        var layouts = run.Link.Layouts;

        // Without a beginning in the past older records are not shown, however long nobody looked.
        var earliest = (from is null ? now : Math.Min(now, since + Overlap.Ticks)) - Behind.Ticks;
        var current = new TimeRange(Math.Max(0, earliest), now + Ahead.Ticks);
        var partitions = run.Layers
            .SelectMany(layer => layouts.Buckets(layer, current))
            .SelectMany(bucket => bucket.Partitions.Select(key => (bucket.Layer, key)));
        if (from is not { } first || first >= current.From)
        {
            return partitions;
        }

        var late = new HashSet<(Layer Layer, PartitionKey Key)>(partitions);
        for (var day = Math.Max(0, first) / RecordTime.Day; day <= now / RecordTime.Day; day++)
        {
            await ReadLateAsync(run, (int)day, since - TimeSpan.TicksPerMinute, late, cancellationToken).ConfigureAwait(false);
        }

        return late;
    }

    private static async Task ReadLateAsync(
        QueryRun run, int day, long since, HashSet<(Layer Layer, PartitionKey Key)> late, CancellationToken cancellationToken)
    {
        var pages = run.Link.Session.ReadPagesAsync(run.Link.Statements.SelectLate, new DayValue(day), run.Link.Read, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var row in page)
            {
                if (LayerNames.Parse(row[1].GetUtf8()) is { } layer && row[3].GetUnixMilliseconds() * RecordTime.Millisecond >= since)
                {
                    late.Add((layer, new PartitionKey(day, row[0].GetInt16(), row[2].GetInt16())));
                }
            }
        }
    }

    private async Task ReadAsync(QueryRun run, RowRead read, long oldest, List<LogRecord> found, CancellationToken cancellationToken)
    {
        var decoder = new RowDecoder(clock);
        var statement = run.Link.Statements.SelectSlice(read.Layer);
        await foreach (var page in run.Link.Session.ReadPagesAsync(statement, read, run.Link.Read, cancellationToken).ConfigureAwait(false))
        {
            foreach (var batch in decoder.Decode(page, read.Layer, read.Level, out _))
            {
                foreach (var record in batch)
                {
                    if (record.Time >= oldest && query.Filter.Matches(record) && Remember(record.Id))
                    {
                        found.Add(record.ToLogRecord());
                    }
                }
            }
        }
    }

    /// <summary>Whether it was not given before.</summary>
    private bool Remember(RecordId id)
    {
        if (_records.Count == MaxRemembered)
        {
            _records.Clear();
        }

        return _records.Add(id);
    }

    private void Forget(long since)
    {
        foreach (var (slice, seen) in _slices)
        {
            if (slice.Time < since && seen < since)
            {
                _slices.Remove(slice);
            }
        }
    }

    private readonly struct DayValue(int day) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer) => writer.WriteDate(new PartitionKey(day, 0, 0).Date);
    }
}
