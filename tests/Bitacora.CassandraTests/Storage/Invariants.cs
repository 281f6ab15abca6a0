using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.CassandraTests.Storage;

/// <summary>
/// What must hold of the tables at any time: the counts of manifests are the rows', and nothing is outside of its layout.
/// </summary>
internal static class Invariants
{
    /// <summary>Checks all partitions, at QUORUM.</summary>
    /// <returns>The number of records.</returns>
    public static async Task<long> CheckAsync(LogKeyspace keyspace, LayoutList? layouts = null)
    {
        var counted = await SumAsync(keyspace);
        var rows = await RowsAsync(keyspace, layouts ?? LayoutList.Default);
        counted.OrderBy(pair => pair.Key.ToString()).ShouldBe(rows.OrderBy(pair => pair.Key.ToString()));
        return rows.Values.Sum();
    }

    /// <summary>Each record's id, of both layers.</summary>
    public static async Task<HashSet<RecordId>> IdsAsync(LogKeyspace keyspace)
    {
        var ids = new HashSet<RecordId>();
        foreach (var layer in Enum.GetValues<Layer>())
        {
            var select = await keyspace.Session.PrepareAsync($"SELECT log_id FROM {keyspace.Name}.{LogTables.Of(layer)}");
            await foreach (var page in keyspace.Session.ReadPagesAsync(select, default(NoValues), Quorum))
            {
                foreach (var row in page)
                {
                    ids.Add(RecordId.Read(row[0].Raw)).ShouldBeTrue("a record is in one partition only");
                }
            }
        }

        return ids;
    }

    private static CqlRequestOptions Quorum { get; } = new() { Consistency = Consistency.Quorum, Timeout = TimeSpan.FromMinutes(1) };

    private static async Task<Dictionary<(Layer Layer, PartitionKey Key), long>> SumAsync(LogKeyspace keyspace)
    {
        var sums = new Dictionary<(Layer Layer, PartitionKey Key), long>();
        var select = await keyspace.Session.PrepareAsync($"SELECT log_date, bucket, shard, layer, n FROM {keyspace.Name}.log_batches");
        await foreach (var page in keyspace.Session.ReadPagesAsync(select, default(NoValues), Quorum))
        {
            foreach (var row in page)
            {
                var layer = row[3].GetText() == "application" ? Layer.Application : Layer.Infrastructure;
                var key = (layer, PartitionKey.Of(row[0].GetDate(), row[1].GetInt16(), row[2].GetInt16()));
                sums[key] = sums.GetValueOrDefault(key) + row[4].GetInt32();
            }
        }

        return sums;
    }

    private static async Task<Dictionary<(Layer Layer, PartitionKey Key), long>> RowsAsync(LogKeyspace keyspace, LayoutList layouts)
    {
        var sums = new Dictionary<(Layer Layer, PartitionKey Key), long>();
        foreach (var layer in Enum.GetValues<Layer>())
        {
            var select = await keyspace.Session.PrepareAsync(
                $"SELECT log_date, bucket, shard, log_id FROM {keyspace.Name}.{LogTables.Of(layer)}");
            await foreach (var page in keyspace.Session.ReadPagesAsync(select, default(NoValues), Quorum))
            {
                foreach (var row in page)
                {
                    var key = PartitionKey.Of(row[0].GetDate(), row[1].GetInt16(), row[2].GetInt16());
                    var time = RecordId.Read(row[3].Raw).Time;
                    layouts.At(layer, time).KeyAt(time, key.Shard).ShouldBe(key, "a record outside of its layout");
                    key.Shard.ShouldBeLessThan((short)layouts.At(layer, time).Shards);
                    sums[(layer, key)] = sums.GetValueOrDefault((layer, key)) + 1;
                }
            }
        }

        return sums;
    }
}
