using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Partitioning;

/// <summary>How records of a layer are spread over partitions: buckets of time, and shards within each.</summary>
/// <param name="ValidFrom">The first event time for which it holds, in units of 100 ns since 1970; the begin of a bucket.</param>
/// <param name="BucketMinutes">The length of a bucket; it divides a day.</param>
/// <param name="Shards">The partitions of a bucket.</param>
internal sealed record Layout(long ValidFrom, int BucketMinutes, int Shards)
{
    /// <summary>The lengths that a bucket may have, in minutes: they divide an hour, and so a day.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [60, 30, 15, 10, 5, 3, 1];

    /// <summary>What holds where nobody has said anything: good to about 900 records a second at 40 MB a partition.</summary>
    public static Layout Default { get; } = new(0, 15, 8);

    /// <summary>The most shards of a bucket.</summary>
    public const int MaxShards = 4096;

    /// <summary>The length of a bucket, in units of 100 ns.</summary>
    public long BucketTicks => BucketMinutes * TimeSpan.TicksPerMinute;

    /// <summary>The begin of the bucket that holds a time.</summary>
    public long BucketBegin(long time) => time - (time % BucketTicks);

    /// <summary>The key of a partition of the bucket that holds a time.</summary>
    public PartitionKey KeyAt(long time, int shard)
    {
        var day = time / RecordTime.Day;
        var minute = (int)(time % RecordTime.Day / TimeSpan.TicksPerMinute);
        return new PartitionKey((int)day, (short)(minute - (minute % BucketMinutes)), (short)shard);
    }
}
