using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>The works that write.</summary>
internal sealed class CqlWrites(CqlSession session, int rows)
{
    private const int Callers = 8;
    private static readonly CqlRequestOptions Options = new() { IsIdempotent = true };

    public async Task SingleRowsAsync(PreparedStatement insert, bool isWanted)
    {
        foreach (var callers in isWanted ? [1, 64, 512] : Array.Empty<int>())
        {
            var count = callers == 1 ? rows / 20 : rows / 2;
            await CqlMeasurement.TakeAsync($"W1 single rows, {callers} in flight", count, () => InsertAsync(insert, count, callers));
        }
    }

    public async Task BatchesAsync(PreparedStatement insert, bool isWanted)
    {
        var message = new string('m', 200);
        foreach (var (size, callers) in isWanted ? [(10, 8), (100, 1), (100, 8), (100, 32), (400, 8)] : Array.Empty<(int, int)>())
        {
            await BatchAsync(
                $"W2 batches of {size}, {callers} in flight", insert, rows, size, callers,
                row => new CqlBenchmarkRow(callers, row, Guid.Empty, message));
        }
    }

    public async Task LargeRowsAsync(PreparedStatement insert, PreparedStatement insertRich, bool isWanted)
    {
        if (isWanted)
        {
            var (large, usual) = (new string('m', 2048), new string('m', 200));
            await BatchAsync(
                "W3 batches of 100 rows of 2 KiB, 8 in flight", insert, rows / 4, 100, Callers,
                row => new CqlBenchmarkRow(Callers, row, Guid.Empty, large));
            await BatchAsync(
                "W3 batches of 100 rows with four maps, 8 in flight", insertRich, rows / 2, 100, Callers,
                row => new CqlRichRow(Callers, row, usual));
        }
    }

    private Task InsertAsync(PreparedStatement insert, int count, int callers)
    {
        var message = new string('m', 200);
        return Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var i = 0; i < count / callers; i++)
            {
                await session.ExecuteAsync(insert, new CqlBenchmarkRow(caller, i, Guid.Empty, message), Options);
            }
        }));
    }

    private async Task BatchAsync<TRow>(
        string name, PreparedStatement insert, int count, int size, int callers, Func<int, TRow> row)
        where TRow : ICqlValues
    {
        UnloggedBatch[] batches = [.. Enumerable.Range(0, callers).Select(_ => new UnloggedBatch())];
        await CqlMeasurement.TakeAsync(name, count, () => Task.WhenAll(batches.Select(async batch =>
        {
            for (var sent = 0; sent < count / callers; sent += size)
            {
                batch.Clear();
                for (var i = 0; i < size; i++)
                {
                    batch.Add(insert, row(sent + i));
                }

                await session.ExecuteAsync(batch, Options);
            }
        })));
        Array.ForEach(batches, batch => batch.Dispose());
    }
}
