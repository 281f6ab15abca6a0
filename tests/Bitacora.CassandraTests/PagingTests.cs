using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

public class PagingTests(OrdinaryNode node)
{
    private const int PageSize = 10;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PageSize - 1)]
    [InlineData(PageSize)]
    [InlineData(PageSize + 1)]
    [InlineData(3 * PageSize)]
    public async Task Every_row_comes_once_whatever_the_number_of_pages(int rows)
    {
        foreach (var version in (int[])[4, 5])
        {
            await using var keyspace = await Keyspace.CreateAsync(
                await node.ContactPointsAsync(), options => options with { MaxProtocolVersion = version });
            var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
            await Task.WhenAll(Enumerable.Range(0, rows).Select(id => keyspace.Session.ExecuteAsync(insert, new Person(id, "x")).AsTask()));
            var ids = await keyspace.IdsAsync($"SELECT id, name FROM {keyspace.Table}", new() { PageSize = PageSize });
            ids.Order().ShouldBe(Enumerable.Range(0, rows));
        }
    }

    [Fact]
    public async Task Reading_goes_on_in_another_session_from_a_state_that_was_kept()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(id => keyspace.Session.ExecuteAsync(insert, new Person(id, "x")).AsTask()));
        var cql = $"SELECT id FROM {keyspace.Table}";
        byte[] state;
        List<int> first;
        var statement = await keyspace.Session.PrepareAsync(cql);
        using (var page = await keyspace.Session.ExecuteAsync(statement, new CqlRequestOptions { PageSize = 7 }))
        {
            first = Keyspace.Ids(page);
            state = page.PagingState.ToArray();
        }

        await using var other = await CqlSession.ConnectAsync(new() { ContactPoints = await node.ContactPointsAsync() });
        using var rest = await other.QueryAsync(cql, new CqlRequestOptions { PagingState = state });
        rest.HasMorePages.ShouldBeFalse();
        first.Concat(Keyspace.Ids(rest)).Order().ShouldBe(Enumerable.Range(0, 25));
        await Should.ThrowAsync<ArgumentException>(async () => await other.QueryAsync(cql, new() { PageSize = 0, PagingState = state }));
    }

    [Fact]
    public async Task A_page_of_ten_megabytes_arrives_whole()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateTableAsync("b", "partition int, id int, bytes blob, PRIMARY KEY (partition, id)");
        var insert = await keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.b (partition, id, bytes) VALUES (?, ?, ?)");
        for (var i = 0; i < 100; i++)
        {
            await keyspace.Session.ExecuteAsync(insert, new Bytes(1, i, 100_000));
        }

        using var page = await keyspace.Session.QueryAsync($"SELECT id, bytes FROM {keyspace.Name}.b WHERE partition = 1");
        var lengths = new List<int>();
        foreach (var row in page)
        {
            lengths.Add(row["bytes"].GetBlob().Length);
        }

        lengths.ShouldBe(Enumerable.Repeat(100_000, 100));
    }
}
