// Writes a million rows to a Cassandra cluster in batches, reads them back page by page, and says how fast that was.
//   dotnet run -c Release --project samples/CqlRoundTrip -- 127.0.0.1:9042 [rows]
using System.Diagnostics;
using System.Globalization;
using Bitacora.Cql;
using CqlRoundTrip;

const int RowsPerBatch = 200;
const int RowsPerPartition = 20_000;
const int Writers = 16;

var contactPoint = args.Length > 0 ? args[0] : Environment.GetEnvironmentVariable("CASSANDRA_CONTACT_POINTS") ?? "127.0.0.1:9042";
var rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
var partitions = (rows + RowsPerPartition - 1) / RowsPerPartition;

await using var session = await CqlSession.ConnectAsync(
    new CqlOptions { ContactPoints = [contactPoint], ApplicationName = "CqlRoundTrip" });
Console.WriteLine($"connected to {session.Nodes.Count} node(s) of {session.LocalDatacenter}");

await session.QueryAsync(
    "CREATE KEYSPACE IF NOT EXISTS round_trip WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
await session.QueryAsync("DROP TABLE IF EXISTS round_trip.logs");
await session.QueryAsync(
    "CREATE TABLE round_trip.logs (partition int, time timestamp, id uuid, level text, source text, message text, duration double, " +
    "trace text, PRIMARY KEY (partition, time, id))");

var insert = await session.PrepareAsync(
    "INSERT INTO round_trip.logs (partition, time, id, level, source, message, duration, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
var select = await session.PrepareAsync("SELECT id, level, message FROM round_trip.logs WHERE partition = ?");
var options = new CqlRequestOptions { IsIdempotent = true };

await MeasureAsync("wrote", rows, () => Task.WhenAll(Enumerable.Range(0, Writers).Select(WriteAsync)));
await MeasureAsync("read", rows, ReadAsync);

// Each writer has every sixteenth partition. A batch belongs to one partition: the server applies it as one mutation.
async Task WriteAsync(int writer)
{
    using var batch = new UnloggedBatch();
    var message = new string('x', 200);
    for (var partition = writer; partition < partitions; partition += Writers)
    {
        var last = Math.Min(rows, (partition + 1) * RowsPerPartition);
        for (var row = partition * RowsPerPartition; row < last; row++)
        {
            var time = DateTimeOffset.UnixEpoch.AddMilliseconds(row);
            batch.Add(insert, new LogRow(partition, time, Guid.NewGuid(), "INFO", "sample", message));
            if (batch.Count == RowsPerBatch || row == last - 1)
            {
                await session.ExecuteAsync(batch, options);
                batch.Clear();
            }
        }
    }
}

async Task ReadAsync()
{
    var (count, bytes) = (0, 0L);
    for (var partition = 0; partition < partitions; partition++)
    {
        await foreach (var page in session.ReadPagesAsync(select, new PartitionKey(partition), options))
        {
            foreach (var row in page)
            {
                count++;
                bytes += row[2].GetUtf8().Length;
            }
        }
    }

    Console.WriteLine($"found {count} rows with {bytes} bytes of messages");
    if (count != rows)
    {
        throw new InvalidOperationException($"{rows - count} rows are missing.");
    }
}

static async Task MeasureAsync(string verb, int rows, Func<Task> work)
{
    var (processor, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
    var clock = Stopwatch.StartNew();
    await work();
    var seconds = clock.Elapsed.TotalSeconds;
    var (microseconds, bytes) = (
        (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / rows, (double)(GC.GetTotalAllocatedBytes() - allocated) / rows);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{verb} {rows} rows in {seconds:0.0} s: {rows / seconds:0} rows/s, client {microseconds:0.00} us and {bytes:0.0} bytes a row"));
}
