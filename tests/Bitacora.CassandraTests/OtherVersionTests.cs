using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

/// <summary>The version beside the ordinary one: the least that must work.</summary>
public class OtherVersionTests(OtherNode node)
{
    [Fact]
    public async Task Rows_that_were_written_in_batches_are_paged_back_in_both_versions_of_the_protocol()
    {
        foreach (var version in (int[])[4, 5])
        {
            await using var keyspace = await Keyspace.CreateAsync(
                await node.ContactPointsAsync(), options => options with { MaxProtocolVersion = version });
            keyspace.Session.Nodes.ShouldHaveSingleItem().ReleaseVersion.ShouldBe(Servers.Other().Version);
            await keyspace.CreateTableAsync("b", "partition int, id int, bytes blob, PRIMARY KEY (partition, id)");
            var insert = await keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.b (partition, id, bytes) VALUES (?, ?, ?)");
            using var batch = new UnloggedBatch();
            for (var i = 0; i < 1_000; i++)
            {
                batch.Add(insert, new Bytes(1, i, 500));
            }

            (await keyspace.Session.ExecuteAsync(batch, new CqlRequestOptions { IsIdempotent = true })).Warnings.ShouldBeEmpty();
            var ids = await keyspace.IdsAsync($"SELECT id, bytes FROM {keyspace.Name}.b WHERE partition = 1", new() { PageSize = 300 });
            ids.ShouldBe(Enumerable.Range(0, 1_000));
        }
    }
}
