using System.Diagnostics;
using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>
/// The client against a node that costs nothing: single rows (W1), batches (W2), large and rich rows (W3), pages (W4), short pages (W5).
/// Prints the processor time and the memory that the client takes for a row. With an address, the writes against a real node.
/// </summary>
internal static class CqlRun
{
    /// <param name="works">Those to do (W1, W2, …); empty: all.</param>
    /// <param name="address">A real node.</param>
    public static async Task RunAsync(IReadOnlyCollection<string> works, string? address = null)
    {
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            Process.GetCurrentProcess().ProcessorAffinity = 2;
        }

        Console.WriteLine("| work | rows/s | client µs a row | bytes a row |");
        Console.WriteLine("|---|---|---|---|");
        if (address is not null)
        {
            await WithSessionAsync(address, 5, session => WriteAsync(session, works, 100_000));
            return;
        }

        foreach (var version in new[] { 5, 4 })
        {
            using (var node = SteadyNode.Start(version, SteadyNode.RowsPerPage, SteadyNode.Pages))
            {
                await WithSessionAsync(node.Address, version, async session =>
                {
                    await WriteAsync(session, works, 400_000);
                    await CqlReads.PagesAsync(session, Wants(works, "W4"));
                });
            }

            using var tail = SteadyNode.Start(version, rowsPerPage: 100, pages: 1);
            await WithSessionAsync(tail.Address, version, session => CqlReads.NewestAsync(session, Wants(works, "W5")));
        }
    }

    private static bool Wants(IReadOnlyCollection<string> works, string work) => works.Count == 0 || works.Contains(work);

    private static async Task WriteAsync(CqlSession session, IReadOnlyCollection<string> works, int rows)
    {
        var insert = await session.PrepareAsync(CqlBenchmarkRow.Insert);
        var writes = new CqlWrites(session, rows);
        await writes.SingleRowsAsync(insert, Wants(works, "W1"));
        await writes.BatchesAsync(insert, Wants(works, "W2"));
        await writes.LargeRowsAsync(insert, await session.PrepareAsync(CqlRichRow.Insert), Wants(works, "W3"));
    }

    private static async Task WithSessionAsync(string address, int version, Func<CqlSession, Task> work)
    {
        await using var session = await CqlSession.ConnectAsync(
            new CqlOptions { ContactPoints = [address], MaxProtocolVersion = version });
        await session.QueryAsync(
            "CREATE KEYSPACE IF NOT EXISTS bench WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        await session.QueryAsync(
            "CREATE TABLE IF NOT EXISTS bench.logs (partition int, time timestamp, id uuid, level text, source text, host text, " +
            "message text, duration double, PRIMARY KEY (partition, time, id))");
        await session.QueryAsync(
            "CREATE TABLE IF NOT EXISTS bench.rich (partition int, time timestamp, id uuid, message text, labels map<text, text>, " +
            "attributes map<text, text>, numbers map<text, text>, resource map<text, text>, PRIMARY KEY (partition, time, id))");
        Console.WriteLine($"| **v{version}** | | | |");
        await work(session);
    }
}
