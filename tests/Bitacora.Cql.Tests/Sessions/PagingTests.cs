using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

public class PagingTests
{
    private static readonly FakeColumn[] Columns = [new("id", FakeType.Int), new("name", FakeType.Text)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(35, 4)]
    public async Task All_rows_come_whatever_the_page(int rows, int pages)
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Tables["ks.t"] = FakeCluster.Table(
            [.. Enumerable.Range(0, rows).Select(id => new[] { FakeValue.Int(id), FakeValue.Text($"n{id}") })]);
        await using var session = await cluster.ConnectAsync();
        (await ReadAsync(session)).ShouldBe(Enumerable.Range(0, rows));
        cluster.Node.Requests.Of(MessageKind.Execute).Count.ShouldBe(pages);
    }

    [Fact]
    public async Task An_empty_page_does_not_end_the_reading()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        cluster.Node.On(MessageKind.Execute, FakeReply.Rows(new FakeRows(Columns, [[FakeValue.Int(2), FakeValue.Null]])), times: 1);
        cluster.Node.On(MessageKind.Execute, FakeReply.Rows(new FakeRows(Columns, []) { PagingState = [7] }), times: 1);
        (await ReadAsync(session)).ShouldBe([2]);
        cluster.Node.Requests.Of(MessageKind.Execute)[^1].PagingState.ShouldBe([7]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_page_that_comes_in_many_pieces_is_whole(int version)
    {
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { SegmentPayload = 1000, WriteSize = 777 });
        var text = new string('x', 400);
        cluster.Node.Tables["ks.t"] = FakeCluster.Table(
            [.. Enumerable.Range(0, 1000).Select(id => new[] { FakeValue.Int(id), FakeValue.Text(text) })]);
        await using var session = await cluster.ConnectAsync(options => options with { MaxProtocolVersion = version });
        (await ReadAsync(session, 600)).ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public async Task A_reader_may_stop_early_and_the_session_goes_on()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Tables["ks.t"] = FakeCluster.Table(
            [.. Enumerable.Range(0, 100).Select(id => new[] { FakeValue.Int(id), FakeValue.Text("a") })]);
        await using var session = await cluster.ConnectAsync();
        var select = await session.PrepareAsync(FakeCluster.Select);
        await foreach (var page in session.ReadPagesAsync(select, default(NoValues), new CqlRequestOptions { PageSize = 10 }))
        {
            page.RowCount.ShouldBe(10);
            break;
        }

        cluster.Node.Requests.Of(MessageKind.Execute).Count.ShouldBe(1);
        (await ReadAsync(session)).Count.ShouldBe(100);
    }

    [Fact]
    public async Task A_node_that_dies_between_pages_is_replaced_by_another()
    {
        await using var cluster = FakeCluster.Start(2);
        foreach (var node in cluster.Nodes)
        {
            node.Tables["ks.t"] = FakeCluster.Table(
                [.. Enumerable.Range(0, 30).Select(id => new[] { FakeValue.Int(id), FakeValue.Text("a") })]);
        }

        await using var session = await cluster.ConnectAsync();
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        var select = await session.PrepareAsync(FakeCluster.Select);
        var read = new List<int>();
        await foreach (var page in session.ReadPagesAsync(
                           select, default(NoValues), new CqlRequestOptions { PageSize = 10, IsIdempotent = true }))
        {
            read.AddRange(Ids(page));
            if (read.Count == 10)
            {
                cluster.Nodes.Single(node => node.Requests.Of(MessageKind.Execute).Count > 0).Die();
            }
        }

        read.ShouldBe(Enumerable.Range(0, 30));
    }

    [Fact]
    public async Task A_reader_can_go_on_later_from_a_paging_state()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Tables["ks.t"] = FakeCluster.Table(
            [.. Enumerable.Range(0, 25).Select(id => new[] { FakeValue.Int(id), FakeValue.Text("a") })]);
        await using var session = await cluster.ConnectAsync();
        var select = await session.PrepareAsync(FakeCluster.Select);
        var options = new CqlRequestOptions { PageSize = 20 };
        using var first = await session.ExecuteAsync(select, options);
        using var second = await session.ExecuteAsync(select, options with { PagingState = first.PagingState.ToArray() });
        Ids(second).ShouldBe(Enumerable.Range(20, 5));
        second.HasMorePages.ShouldBeFalse();
    }

    [Fact]
    public async Task A_disposed_result_is_not_read()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Tables["ks.t"] = FakeCluster.Table([[FakeValue.Int(1), FakeValue.Text("a")]]);
        await using var session = await cluster.ConnectAsync();
        var result = await session.QueryAsync(FakeCluster.Select);
        result.Dispose();
        result.Dispose();
        Should.Throw<ObjectDisposedException>(() => Ids(result));
    }

    private static async Task<List<int>> ReadAsync(CqlSession session, int pageSize = 10)
    {
        var select = await session.PrepareAsync(FakeCluster.Select);
        var read = new List<int>();
        await foreach (var page in session.ReadPagesAsync(select, default(NoValues), new CqlRequestOptions { PageSize = pageSize }))
        {
            read.AddRange(Ids(page));
        }

        return read;
    }

    private static List<int> Ids(CqlResult page)
    {
        var ids = new List<int>();
        foreach (var row in page)
        {
            ids.Add(row[0].GetInt32());
        }

        return ids;
    }
}
