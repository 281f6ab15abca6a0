using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Partitioning;

/// <summary>A bucket of a layer: the partitions whose records have event times from its begin to before its end.</summary>
internal readonly record struct Bucket(Layer Layer, long Begin, long End, Layout Layout)
{
    /// <summary>The keys of its partitions.</summary>
    public IEnumerable<PartitionKey> Partitions
    {
        get
        {
            for (var shard = 0; shard < Layout.Shards; shard++)
            {
                yield return Layout.KeyAt(Begin, shard);
            }
        }
    }
}
