using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>
/// What a busy session allocates, counted over the whole process: the fake node that answers is in it, and allocates nothing itself.
/// </summary>
[Collection(nameof(AllocationTests))]
public class SteadyStateTests
{
    private const int Rounds = 6, InFlight = 64, Inserts = 16_000;

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_insert_allocates_at_most_sixteen_bytes(int version)
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { MaxProtocolVersion = version });
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.SteadyAnswers = new SteadyAnswers();
        (await AllocatedAsync(() => InsertAsync(session, insert, Inserts)) / Inserts).ShouldBeLessThan(16);
        cluster.Node.SteadyAnswers.Requests.ShouldBe(Rounds * Inserts);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_row_of_a_batch_allocates_less_than_a_byte(int version)
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { MaxProtocolVersion = version });
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.SteadyAnswers = new SteadyAnswers();
        using var batch = new UnloggedBatch();
        (await AllocatedAsync(() => WriteBatchesAsync(session, insert, batch, 1_000)) / (1_000 * 100)).ShouldBeLessThan(1);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_row_of_a_page_allocates_next_to_nothing(int version)
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { MaxProtocolVersion = version });
        var select = await session.PrepareAsync(FakeCluster.Select);
        var name = FakeValue.Text("a name of some length");
        FakeValue[][] rows = [.. Enumerable.Range(0, 5_000).Select(id => new[] { FakeValue.Int(id), name })];
        var page = new FakeRows(FakeCluster.Table([]).Columns, rows);
        cluster.Node.SteadyAnswers = new SteadyAnswers(
            new FakePrepared(FakeCluster.Select).Id, [page, page, page, page], version == 4);
        var read = 0;
        var allocated = await AllocatedAsync(async () => read = await ReadAsync(session, select, 10));
        read.ShouldBe(10 * 20_000);
        (allocated / read).ShouldBeLessThan(0.5);
    }

    /// <summary>Explicit: half a minute or more.</summary>
    [Theory(Explicit = true)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Ten_million_inserts_leave_no_stream_taken_and_no_memory_behind(int version)
    {
        const int Many = 10_000_000;
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(
            options => options with { MaxProtocolVersion = version, MaxRequestsInFlight = InFlight });
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.SteadyAnswers = new SteadyAnswers();
        await InsertAsync(session, insert, Inserts);
        var (memory, collections) = (GC.GetTotalMemory(forceFullCollection: true), GC.CollectionCount(2));
        await InsertAsync(session, insert, Many);
        (GC.CollectionCount(2) - collections).ShouldBeLessThanOrEqualTo(1);
        (GC.GetTotalMemory(forceFullCollection: true) - memory).ShouldBeLessThan(1 << 20);
        cluster.Node.SteadyAnswers.Requests.ShouldBe(Inserts + Many);

        // Each stream can be used.
        var gate = new ReplyGate();
        cluster.Node.On("Q", FakeReply.Void with { Gate = gate });
        var held = Enumerable.Range(0, InFlight).Select(_ => session.QueryAsync("Q").AsTask()).ToArray();
        await gate.HoldsAsync(InFlight).WaitAsync(FakeCluster.Patience);
        gate.ReleaseAll();
        await Task.WhenAll(held).WaitAsync(FakeCluster.Patience);
    }

    // The least of several rounds: what code allocates it allocates in each, what the runtime does beside it, and a buffer that its
    // pool has to make anew, comes in some.
    private static async Task<double> AllocatedAsync(Func<Task> act)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await act();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private static Task InsertAsync(CqlSession session, PreparedStatement insert, int count) =>
        Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < count / InFlight; i++)
            {
                await session.ExecuteAsync(insert, new Person(i, "a name of some length"));
            }
        })));

    private static async Task WriteBatchesAsync(CqlSession session, PreparedStatement insert, UnloggedBatch batch, int count)
    {
        for (var i = 0; i < count; i++)
        {
            batch.Clear();
            for (var row = 0; row < 100; row++)
            {
                batch.Add(insert, new Person(row, "a name of some length"));
            }

            await session.ExecuteAsync(batch);
        }
    }

    private static async Task<int> ReadAsync(CqlSession session, PreparedStatement select, int times)
    {
        var read = 0;
        for (var i = 0; i < times; i++)
        {
            await foreach (var page in session.ReadPagesAsync(select, default(NoValues)))
            {
                read += Count(page);
            }
        }

        return read;
    }

    private static int Count(CqlResult page)
    {
        var count = 0;
        foreach (var row in page)
        {
            count += row[1].GetUtf8().Length > 0 ? 1 : 0;
        }

        return count;
    }
}
