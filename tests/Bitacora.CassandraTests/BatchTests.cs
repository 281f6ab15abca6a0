using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

public class BatchTests(OrdinaryNode node)
{
    private const string Definition = "partition int, id int, bytes blob, PRIMARY KEY (partition, id)";

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task One_mebibyte_in_one_partition_is_taken_without_a_warning(int version)
    {
        await using var keyspace = await Keyspace.CreateAsync(
            await node.ContactPointsAsync(), options => options with { MaxProtocolVersion = version });
        await keyspace.CreateTableAsync("b", Definition);
        var insert = await InsertAsync(keyspace, "b");
        using var batch = new UnloggedBatch();
        for (var i = 0; i < 1024; i++)
        {
            batch.Add(insert, new Bytes(1, i, 1000));
        }

        batch.Length.ShouldBeGreaterThan(1024 * 1024);
        (await keyspace.Session.ExecuteAsync(batch)).Warnings.ShouldBeEmpty();
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Name}.b WHERE partition = 1")).ShouldBe(Enumerable.Range(0, 1024));
    }

    [Fact]
    public async Task More_than_fifty_kibibytes_over_partitions_are_refused_and_the_error_says_why()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateTableAsync("b", Definition);
        var insert = await InsertAsync(keyspace, "b");
        using var batch = new UnloggedBatch();
        batch.Add(insert, new Bytes(1, 1, 30_000));
        batch.Add(insert, new Bytes(2, 1, 30_000));

        var refused = await Should.ThrowAsync<CqlServerException>(keyspace.Session.ExecuteAsync(batch).AsTask());
        refused.Code.ShouldBe(CqlErrorCode.Invalid);
        refused.Message.ShouldContain("Batch too large");
        refused.IsTransient.ShouldBeFalse();
        refused.Node.ShouldNotBeNull();
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Name}.b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_five_kibibytes_over_partitions_are_warned_of()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateTableAsync("b", Definition);
        var insert = await InsertAsync(keyspace, "b");
        using var batch = new UnloggedBatch();
        batch.Add(insert, new Bytes(1, 1, 4_000));
        batch.Add(insert, new Bytes(2, 1, 4_000));

        (await keyspace.Session.ExecuteAsync(batch)).Warnings.ShouldHaveSingleItem().ShouldContain("exceeding specified threshold");
    }

    [Fact]
    public async Task A_batch_of_two_tables_in_one_partition_is_whole_and_repeating_it_changes_nothing()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateTableAsync("a", Definition);
        await keyspace.CreateTableAsync("b", Definition);
        var session = keyspace.Session;
        using var batch = new UnloggedBatch();
        batch.Add(await InsertAsync(keyspace, "a"), new Bytes(1, 1, 60_000));
        batch.Add(await InsertAsync(keyspace, "b"), new Bytes(1, 2, 60_000));
        await session.ExecuteAsync(batch);
        await session.QueryAsync($"DELETE FROM {keyspace.Name}.a WHERE partition = 1 AND id = 1");
        await session.ExecuteAsync(batch);

        // Its timestamp is that of its first execution, which is older than the deletion.
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Name}.a")).ShouldBeEmpty();
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Name}.b")).ShouldBe([2]);
    }

    [Fact]
    public async Task A_request_that_is_too_large_for_the_server_is_refused_before_it_is_sent()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateTableAsync("b", Definition);
        var insert = await InsertAsync(keyspace, "b");
        Should.Throw<ArgumentException>(() => keyspace.Session.ExecuteAsync(insert, new Bytes(1, 1, 17 << 20)).AsTask())
            .Message.ShouldContain("16777216");
        using var batch = new UnloggedBatch();
        batch.Add(insert, new Bytes(1, 1, 9 << 20));
        Should.Throw<ArgumentException>(() => batch.Add(insert, new Bytes(1, 2, 9 << 20)));
        batch.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_servers_own_refusal_of_what_is_too_large_is_an_error_and_the_connection_lives(int version)
    {
        await using var keyspace = await Keyspace.CreateAsync(
            await node.ContactPointsAsync(), options => options with { MaxProtocolVersion = version, MaxRequestLength = 64 << 20 });
        await keyspace.CreateTableAsync("b", Definition);
        var insert = await InsertAsync(keyspace, "b");
        var writing = keyspace.Session.ExecuteAsync(insert, new Bytes(1, 1, 20 << 20)).AsTask();
        var refused = await Should.ThrowAsync<CqlServerException>(writing);
        refused.IsTransient.ShouldBeFalse();
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Name}.b")).ShouldBeEmpty();
    }

    private static ValueTask<PreparedStatement> InsertAsync(Keyspace keyspace, string table) =>
        keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.{table} (partition, id, bytes) VALUES (?, ?, ?)");
}
