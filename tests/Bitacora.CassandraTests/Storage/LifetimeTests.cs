using Bitacora.CassandraTests.Nodes;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

public sealed class LifetimeTests(OrdinaryNode node)
{
    [Theory]
    [InlineData(864_000)]
    [InlineData(3_600)]
    [InlineData(0)]
    public async Task Rows_end_with_their_manifest_though_the_tables_lifetime_was_changed_just_now(int seconds)
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync(), timeToLive: TimeSpan.FromDays(1));
        await using var store = await keyspace.OpenAsync(
            TimeProvider.System, change: options => options with { LearnEvery = TimeSpan.FromHours(1) });
        var table = $"{keyspace.Name}.{LogTables.Of(Layer.Application)}";
        await keyspace.Session.QueryAsync($"ALTER TABLE {table} WITH default_time_to_live = {seconds}");
        var batch = new TestBatches(TimeProvider.System).Of(new TestRecord(RecordTime.From(DateTimeOffset.UtcNow), "hello"));
        await store.AppendAsync(batch, 1, CancellationToken.None);
        await store.FlushAsync(CancellationToken.None);

        var ofRow = await TimeToLiveAsync(keyspace, $"SELECT TTL(message) FROM {table}");
        var ofManifest = await TimeToLiveAsync(keyspace, $"SELECT TTL(n) FROM {keyspace.Name}.{LogTables.Batches}");
        ofManifest.ShouldBeInRange(86_000, 86_400);
        ofRow.ShouldBeInRange(ofManifest - 60, ofManifest + 60);
    }

    private static async Task<int> TimeToLiveAsync(LogKeyspace keyspace, string cql)
    {
        using var rows = await keyspace.Session.QueryAsync(cql);
        foreach (var row in rows)
        {
            return row[0].IsNull ? 0 : row[0].GetInt32();
        }

        return -1;
    }
}
