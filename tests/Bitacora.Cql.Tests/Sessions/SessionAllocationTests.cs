using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>What a request allocates once everything is warm; the fake node allocates nothing, which tests of its own show.</summary>
[Collection(nameof(AllocationTests))]
public class SessionAllocationTests
{
    private const int Callers = 64;

    [Fact]
    public async Task Executing_a_statement_allocates_less_than_sixteen_bytes()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.SteadyAnswers = new SteadyAnswers();
        async Task RunAsync(int times) => await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var i = 0; i < times; i++)
            {
                await session.ExecuteAsync(insert, new Person(i, "somebody"));
            }
        }));

        (await AllocatedAsync(RunAsync, 500) / Callers).ShouldBeLessThan(16);
    }

    [Fact]
    public async Task A_batch_allocates_less_than_a_byte_a_row()
    {
        const int Rows = 100;
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.SteadyAnswers = new SteadyAnswers();
        using var batch = new UnloggedBatch();
        async Task RunAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                batch.Clear();
                for (var row = 0; row < Rows; row++)
                {
                    batch.Add(insert, new Person(row, "somebody with a longer name"));
                }

                await session.ExecuteAsync(batch);
            }
        }

        (await AllocatedAsync(RunAsync, 500) / Rows).ShouldBeLessThan(1);
    }

    [Fact]
    public async Task Reading_pages_allocates_nothing_for_a_row()
    {
        const int RowsPerPage = 2000;
        const int Pages = 100;
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var select = await session.PrepareAsync(FakeCluster.Select);
        FakeColumn[] columns = [new("id", FakeType.Int), new("name", FakeType.Text)];
        var rows = Enumerable.Range(0, RowsPerPage).Select(id => new[] { FakeValue.Int(id), FakeValue.Text("somebody") }).ToArray();
        cluster.Node.SteadyAnswers = new SteadyAnswers(
            new FakePrepared(FakeCluster.Select).Id, [.. Enumerable.Repeat(new FakeRows(columns, rows), Pages)]);
        async Task RunAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var bytes = 0;
                await foreach (var page in session.ReadPagesAsync(select, default(NoValues)))
                {
                    foreach (var row in page)
                    {
                        bytes += row[1].GetUtf8().Length;
                    }
                }

                bytes.ShouldBe(Pages * RowsPerPage * "somebody".Length);
            }
        }

        (await AllocatedAsync(RunAsync, 3) / (Pages * RowsPerPage)).ShouldBeLessThan(0.5);
    }

    /// <summary>
    /// Bytes that the whole process allocates each time; the least of three, for other work of the runtime falls into some.
    /// </summary>
    private static async Task<double> AllocatedAsync(Func<int, Task> run, int times)
    {
        await run(times);
        var least = double.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await run(times);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)times);
        }

        return least;
    }
}
