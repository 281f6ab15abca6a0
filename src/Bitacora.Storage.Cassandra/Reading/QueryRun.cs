using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Everything that the steps of one query share. Safe from any thread, but for <see cref="Evaluation"/>.</summary>
internal sealed class QueryRun
{
    private const int MaxReasons = 20;

    // Guards the reasons.
    private readonly Lock _gate = new();
    private readonly List<IncompleteReason> _reasons = [];
    private readonly string _writer;
    private HashSet<RecordId>? _pendingIds;

    public QueryRun(
        LogQuery query, ClusterLink link, PendingRecords pending, string writer, int concurrentReads, TimeProvider clock,
        CancellationToken token)
    {
        (Query, Link, Pending, _writer, ConcurrentReads, Clock, Token) = (query, link, pending, writer, concurrentReads, clock, token);
        Filter = new SliceFilter(query);
        Evaluation = new QueryEvaluation<FoundRow>(query);
        Trace = new QueryTrace(clock);
        Manifests = new ManifestReader(link);
    }

    public LogQuery Query { get; }

    public ClusterLink Link { get; }

    /// <summary>What the cluster may not have; taken before anything is read.</summary>
    public PendingRecords Pending { get; }

    public int ConcurrentReads { get; }

    public TimeProvider Clock { get; }

    /// <summary>Cancelled at the deadline, or when the reader goes.</summary>
    public CancellationToken Token { get; }

    public SliceFilter Filter { get; }

    public QueryEvaluation<FoundRow> Evaluation { get; }

    /// <summary>The columns that groups need; rows need all.</summary>
    public RowColumns Columns => Query.Aggregate is { } aggregate && Filter.IsDecidedByText && Evaluation.Fields.IsSettled
        && aggregate.Functions.All(function => function.Field is null)
        && aggregate.Keys.All(key => key.Field.Kind is FieldKind.Level or FieldKind.Layer or FieldKind.Time)
        ? RowColumns.Text
        : RowColumns.All;

    public QueryTrace Trace { get; }

    public ManifestReader Manifests { get; }

    /// <summary>The layers of which records may match.</summary>
    public IEnumerable<Layer> Layers => Enum.GetValues<Layer>().Where(Filter.MayMatch);

    /// <summary>The range to read: of a later page only what is older than the page before.</summary>
    public TimeRange Range => Query.After is { } after ? Query.Range.Intersect(new TimeRange(0, after.Time + 1)) : Query.Range;

    /// <summary>Why the answer is partial so far.</summary>
    public IReadOnlyList<IncompleteReason> Reasons
    {
        get
        {
            lock (_gate)
            {
                return [.. _reasons];
            }
        }
    }

    /// <summary>The ids of <see cref="Pending"/>: aggregations pass over them in the cluster.</summary>
    public HashSet<RecordId> PendingIds
    {
        get
        {
            lock (_gate)
            {
                return _pendingIds ??= IdsOf(Pending);
            }
        }
    }

    /// <summary>Another query beside this one, over the same look into memory.</summary>
    public QueryRun For(LogQuery query, CancellationToken token) => new(query, Link, Pending, _writer, ConcurrentReads, Clock, token);

    public void AddReason(string code, string text)
    {
        var reason = new IncompleteReason(code, text);
        lock (_gate)
        {
            if (_reasons.Count < MaxReasons && !_reasons.Contains(reason))
            {
                _reasons.Add(reason);
            }
        }
    }

    /// <summary>Whether a manifest counts records that <see cref="Pending"/> has too.</summary>
    public bool IsPending(Manifest manifest) => manifest.Writer == _writer && Pending.Covers(manifest.Id);

    /// <summary>The manifests of a bucket's partition; none, with the reason, where they cannot be read.</summary>
    public async Task<IReadOnlyList<Manifest>> ManifestsAsync(BucketPartitions bucket, PartitionKey key, ManifestParts parts)
    {
        try
        {
            return await Manifests.ReadAsync(bucket.Layers, key, parts, Token).ConfigureAwait(false);
        }
        catch (CqlException e)
        {
            foreach (var layer in bucket.Layers)
            {
                CannotRead(layer, key, e);
            }

            return [];
        }
    }

    /// <summary>Does something with each partition that overlaps a range, many at once, the newest first.</summary>
    public async Task EachPartitionAsync(IEnumerable<Layer> layers, TimeRange range, Func<BucketPartitions, PartitionKey, Task> action)
    {
        var started = Trace.Start();
        var buckets = await new BucketList(Link).ReadAsync(layers, range, Token).ConfigureAwait(false);
        Trace.Step("buckets", started, $"{buckets.Count} buckets");
        var partitions = buckets.SelectMany(bucket => bucket.Keys.Select(key => (Bucket: bucket, Key: key)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentReads, CancellationToken = Token };
        await Parallel.ForEachAsync(
            partitions, parallel, async (partition, _) => await action(partition.Bucket, partition.Key).ConfigureAwait(false))
            .ConfigureAwait(false);
    }

    public void CannotRead(Layer layer, PartitionKey key, CqlException e) =>
        AddReason("unreadable-partition", $"The partition {key} of {LayerNames.Of(layer)} records cannot be read: {e.Message}");

    private static HashSet<RecordId> IdsOf(PendingRecords pending)
    {
        var ids = new HashSet<RecordId>();
        foreach (var batch in pending.Batches)
        {
            foreach (var record in batch)
            {
                ids.Add(record.Id);
            }
        }

        return ids;
    }
}
