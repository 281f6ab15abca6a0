using System.Diagnostics;
using System.Globalization;
using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>
/// The client against a node that costs nothing: single rows (W1), batches (W2), large rows (W3), pages (W4), short pages (W5). Prints
/// the processor time and the memory that the client takes for a row. With an address, the same against a real node (W1 to W4).
/// </summary>
internal sealed class CqlRun(CqlSession session, PreparedStatement insert, PreparedStatement select)
{
    private const int Repetitions = 5;
    private static readonly CqlRequestOptions Options = new() { IsIdempotent = true };

    public static async Task RunAsync(string? address)
    {
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            Process.GetCurrentProcess().ProcessorAffinity = 2;
        }

        Console.WriteLine("| work | rows/s | client µs a row | bytes a row |");
        Console.WriteLine("|---|---|---|---|");
        if (address is not null)
        {
            await WithSessionAsync(address, 5, run => run.WriteAsync(100_000));
            return;
        }

        foreach (var version in new[] { 5, 4 })
        {
            using (var node = SteadyNode.Start(SteadyNode.RowsPerPage, SteadyNode.Pages))
            {
                await WithSessionAsync(node.Address, version, async run =>
                {
                    await run.WriteAsync(400_000);
                    if (version == 5)
                    {
                        await run.ReadAsync("W4 pages of 5,000", SteadyNode.RowsPerPage * SteadyNode.Pages, requests: 1, callers: 1);
                    }
                });
            }
        }

        // The node leaves the columns out of its answers, for which only v5 asks.
        using (var tail = SteadyNode.Start(rowsPerPage: 100, pages: 1))
        {
            await WithSessionAsync(tail.Address, 5, run =>
                run.ReadAsync("W5 newest 100, 64 in flight", 100, requests: 200, callers: 64));
        }
    }

    private static async Task WithSessionAsync(string address, int version, Func<CqlRun, Task> work)
    {
        await using var session = await CqlSession.ConnectAsync(
            new CqlOptions { ContactPoints = [address], MaxProtocolVersion = version });
        await session.QueryAsync(
            "CREATE KEYSPACE IF NOT EXISTS bench WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        await session.QueryAsync(
            "CREATE TABLE IF NOT EXISTS bench.logs (partition int, time timestamp, id uuid, level text, source text, host text, " +
            "message text, duration double, PRIMARY KEY (partition, time, id))");
        var insert = await session.PrepareAsync(CqlBenchmarkRow.Insert);
        var select = await session.PrepareAsync(SteadyNode.Select);
        Console.WriteLine($"| **v{version}** | | | |");
        await work(new CqlRun(session, insert, select));
    }

    private async Task WriteAsync(int rows)
    {
        foreach (var callers in new[] { 1, 64, 512 })
        {
            var count = callers == 1 ? rows / 20 : rows / 2;
            await MeasureAsync($"W1 single rows, {callers} in flight", count, () => InsertAsync(count, callers));
        }

        foreach (var (size, callers) in new[] { (10, 8), (100, 1), (100, 8), (100, 32), (400, 8) })
        {
            UnloggedBatch[] batches = [.. Enumerable.Range(0, callers).Select(_ => new UnloggedBatch())];
            await MeasureAsync($"W2 batches of {size}, {callers} in flight", rows, () => BatchAsync(batches, rows, size, 200));
            Array.ForEach(batches, batch => batch.Dispose());
        }

        UnloggedBatch[] large = [.. Enumerable.Range(0, 8).Select(_ => new UnloggedBatch())];
        await MeasureAsync("W3 batches of 100 rows of 2 KiB, 8 in flight", rows / 4, () => BatchAsync(large, rows / 4, 100, 2048));
        Array.ForEach(large, batch => batch.Dispose());
    }

    private Task ReadAsync(string name, int rowsPerRequest, int requests, int callers) => MeasureAsync(
        name, rowsPerRequest * requests * callers, () => Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            var bytes = 0L;
            for (var i = 0; i < requests; i++)
            {
                await foreach (var page in session.ReadPagesAsync(select, new CqlBenchmarkKey(1), Options))
                {
                    foreach (var row in page)
                    {
                        bytes += row[0].GetInt32() + row[1].GetUnixMilliseconds() + row[3].GetUtf8().Length + row[6].GetUtf8().Length;
                    }
                }
            }

            return bytes;
        })));

    private Task InsertAsync(int rows, int callers)
    {
        var message = new string('m', 200);
        return Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var i = 0; i < rows / callers; i++)
            {
                await session.ExecuteAsync(insert, new CqlBenchmarkRow(caller, i, Guid.Empty, message), Options);
            }
        }));
    }

    private Task BatchAsync(UnloggedBatch[] batches, int rows, int size, int messageLength)
    {
        var message = new string('m', messageLength);
        return Task.WhenAll(batches.Select(async batch =>
        {
            for (var sent = 0; sent < rows / batches.Length; sent += size)
            {
                batch.Clear();
                for (var i = 0; i < size; i++)
                {
                    batch.Add(insert, new CqlBenchmarkRow(batches.Length, sent + i, Guid.Empty, message));
                }

                await session.ExecuteAsync(batch, Options);
            }
        }));
    }

    private static async Task MeasureAsync(string name, int rows, Func<Task> work)
    {
        await work();
        var results = new List<(double Rate, double Cpu, double Bytes)>();
        for (var i = 0; i < Repetitions; i++)
        {
            var (cpu, allocated, clock) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(true), Stopwatch.StartNew());
            await work();
            results.Add((
                rows / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows,
                (GC.GetTotalAllocatedBytes(true) - allocated) / (double)rows));
        }

        var byCpu = results.OrderBy(result => result.Cpu).ToArray();
        var median = byCpu[Repetitions / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {median.Rate:0} | {median.Cpu:0.000} ({byCpu[0].Cpu:0.000}–{byCpu[^1].Cpu:0.000}) | {median.Bytes:0.00} |"));
    }
}
