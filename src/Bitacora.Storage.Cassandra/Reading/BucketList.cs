using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// The buckets that overlap a range, newest first. For a short range the layouts tell them; for a long one the cluster is asked which
/// partitions there are, for most of those that could be are not.
/// </summary>
internal sealed class BucketList(ClusterLink link)
{
    // Beyond it, asking for the keys is cheaper than looking into that many partitions.
    private const int MaxEnumerated = 4_096;

    public async Task<IReadOnlyList<BucketPartitions>> ReadAsync(
        IEnumerable<Layer> layers, TimeRange range, CancellationToken cancellationToken)
    {
        range = range.Intersect(new TimeRange(0, RecordTime.Max));
        var buckets = new List<BucketPartitions>();
        if (range.IsEmpty)
        {
            return buckets;
        }

        Layer[] wanted = [.. layers];
        var layouts = link.Layouts;
        if (wanted.All(layer => IsShort(layouts.Buckets(layer, range))))
        {
            foreach (var bucket in wanted.SelectMany(layer => layouts.Buckets(layer, range)))
            {
                buckets.Add(new BucketPartitions([bucket.Layer], bucket.Begin, bucket.End, [.. bucket.Partitions]));
            }
        }
        else
        {
            var keys = await ReadKeysAsync(cancellationToken).ConfigureAwait(false);
            foreach (var layer in wanted)
            {
                buckets.AddRange(Existing(layer, keys, range, layouts));
            }
        }

        return
        [
            .. buckets.GroupBy(bucket => (bucket.Begin, bucket.End)).Select(same => new BucketPartitions(
                [.. same.SelectMany(bucket => bucket.Layers).Order()], same.Key.Begin, same.Key.End,
                [.. same.SelectMany(bucket => bucket.Keys).Distinct()]))
            .OrderByDescending(bucket => bucket.End),
        ];
    }

    private static bool IsShort(IEnumerable<Bucket> buckets)
    {
        var partitions = 0;
        foreach (var bucket in buckets)
        {
            partitions += bucket.Layout.Shards;
            if (partitions > MaxEnumerated)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The keys of all partitions that have a manifest.</summary>
    private async Task<List<PartitionKey>> ReadKeysAsync(CancellationToken cancellationToken)
    {
        var keys = new List<PartitionKey>();
        var pages = link.Session.ReadPagesAsync(link.Statements.SelectPartitions, default(NoValues), link.Read, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var row in page)
            {
                keys.Add(PartitionKey.Of(row[0].GetDate(), row[1].GetInt16(), row[2].GetInt16()));
            }
        }

        return keys;
    }

    private static IEnumerable<BucketPartitions> Existing(Layer layer, List<PartitionKey> keys, TimeRange range, LayoutList layouts)
    {
        foreach (var bucket in keys.GroupBy(key => key.Begin))
        {
            // Both layers' partitions have their manifests in one table: what does not fit this layer's layout is the other's.
            var layout = layouts.At(layer, bucket.Key);
            if (layout.BucketBegin(bucket.Key) == bucket.Key && bucket.Key < range.To && bucket.Key + layout.BucketTicks > range.From)
            {
                yield return new BucketPartitions(
                    [layer], bucket.Key, bucket.Key + layout.BucketTicks, [.. bucket.Where(key => key.Shard < layout.Shards)]);
            }
        }
    }
}
