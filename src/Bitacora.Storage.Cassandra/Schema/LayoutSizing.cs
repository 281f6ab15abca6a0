using System.Numerics;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>Which layout suits a rate: partitions of about 40 MB, spread evenly over the nodes, and as few as that allows.</summary>
internal static class LayoutSizing
{
    /// <summary>A row before compression, as measured on real logs.</summary>
    public const int BytesPerRecord = 400;

    /// <summary>2.5 times less than the 100 MB beyond which compaction and repair suffer: room for bursts.</summary>
    public const int BytesPerPartition = 40_000_000;

    // As few nodes hold everything each; else the ten shards a node make the busiest not much busier than the others.
    private const int ShardsOfFewNodes = 4;
    private const int MaxShardsOfFewNodes = 16;
    private const int ShardsPerNode = 10;

    /// <param name="rate">Records a second at the busiest time.</param>
    /// <param name="nodes">The nodes of the datacenter.</param>
    /// <param name="replicationFactor">The replicas in it.</param>
    /// <returns>A layout from time 0.</returns>
    public static Layout For(int rate, int nodes, int replicationFactor)
    {
        var isFew = nodes <= replicationFactor;
        var least = isFew ? ShardsOfFewNodes : ShardsPerNode * nodes;
        var most = isFew ? MaxShardsOfFewNodes : PowerOfTwo(least);
        foreach (var minutes in Layout.Lengths)
        {
            if (Shards(minutes) is var shards && (shards <= most || minutes == Layout.Lengths[^1]))
            {
                return new Layout(0, minutes, Math.Min(shards, Layout.MaxShards));
            }
        }

        throw new ArgumentOutOfRangeException(nameof(rate), rate, "A bucket has at least one length.");

        int Shards(int minutes)
        {
            var partitions = Math.Ceiling((double)rate * minutes * 60 * BytesPerRecord / BytesPerPartition);
            return PowerOfTwo(Math.Max((int)partitions, least));
        }
    }

    /// <summary>
    /// From when a new layout may hold: by then every writer knows it, and it is the begin of a bucket of the old layout and of the new.
    /// </summary>
    /// <param name="now">The cluster's time, in units of 100 ns since 1970.</param>
    /// <param name="last">The last layout that there is, perhaps not valid yet.</param>
    /// <param name="next">The new one.</param>
    public static long Begin(long now, Layout last, Layout next)
    {
        // Writers may know a list of 5 minutes ago and write records 10 minutes ahead of their clocks.
        var earliest = Math.Max(now + (20 * TimeSpan.TicksPerMinute), last.ValidFrom + 1);
        var (a, b) = (last.BucketMinutes, next.BucketMinutes);
        var both = (long)(a / BigInteger.GreatestCommonDivisor(a, b)) * b * TimeSpan.TicksPerMinute;
        return (earliest + both - 1) / both * both;
    }

    private static int PowerOfTwo(int atLeast) => (int)BitOperations.RoundUpToPowerOf2((uint)atLeast);
}
