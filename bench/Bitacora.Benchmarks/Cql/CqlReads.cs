using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>The works that read.</summary>
internal static class CqlReads
{
    private const int Callers = 64, RequestsPerCaller = 200, NewestRows = 100;
    private static readonly CqlRequestOptions Options = new() { IsIdempotent = true };

    public static async Task PagesAsync(CqlSession session, bool isWanted)
    {
        if (isWanted)
        {
            var select = await session.PrepareAsync(SteadyNode.Select);
            const int Rows = SteadyNode.RowsPerPage * SteadyNode.Pages;
            await CqlMeasurement.TakeAsync("W4 pages of 5,000 to spans", Rows, () => ReadAsync(session, select, Touch));
            await CqlMeasurement.TakeAsync("W4 pages of 5,000 to objects", Rows, () => ReadAsync(session, select, Materialise));
        }
    }

    public static async Task NewestAsync(CqlSession session, bool isWanted)
    {
        if (isWanted)
        {
            var select = await session.PrepareAsync(SteadyNode.Select);
            await CqlMeasurement.TakeAsync(
                $"W5 newest {NewestRows}, {Callers} in flight", NewestRows * RequestsPerCaller * Callers,
                () => Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
                {
                    for (var i = 0; i < RequestsPerCaller; i++)
                    {
                        await ReadAsync(session, select, Touch);
                    }
                })));
        }
    }

    private static async Task<long> ReadAsync(CqlSession session, PreparedStatement select, Func<CqlResult, long> read)
    {
        var sum = 0L;
        await foreach (var page in session.ReadPagesAsync(select, new CqlBenchmarkKey(1), Options))
        {
            sum += read(page);
        }

        return sum;
    }

    private static long Touch(CqlResult page)
    {
        var bytes = 0L;
        foreach (var row in page)
        {
            bytes += row[0].GetInt32() + row[1].GetUnixMilliseconds() + row[3].GetUtf8().Length + row[6].GetUtf8().Length;
        }

        return bytes;
    }

    private static long Materialise(CqlResult page)
    {
        var bytes = 0L;
        foreach (var row in page)
        {
            var values = new CqlReadRow(
                row[0].GetInt32(), row[1].GetTimestamp(), row[2].GetUuid(), row[3].GetText(), row[4].GetText(), row[5].GetText(),
                row[6].GetText(), row[7].GetDouble());
            bytes += values.Message!.Length;
        }

        return bytes;
    }

    private sealed record CqlReadRow(
        int Partition, DateTimeOffset Time, Guid Id, string? Level, string? Source, string? Host, string? Message, double Duration);
}
