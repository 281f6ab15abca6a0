using System.Diagnostics;
using Bitacora.Benchmarks.Corpus;
using Bitacora.Benchmarks.Runs;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Benchmarks.Cassandra;

/// <summary>The cluster store on a real node: ingest beside what the node takes at most, searches beside what it can scan.</summary>
internal static class ClusterRun
{
    private const int BatchSize = 250;
    private const int Repeats = 6;

    // A node and a client compile for minutes; a server does not.
    private static readonly TimeSpan _warming = TimeSpan.FromSeconds(5);

    /// <param name="address">A node.</param>
    /// <param name="options">How many records, and where.</param>
    /// <param name="parts">Of <c>write</c>, <c>senders</c>, <c>read</c> and <c>compat</c> those that are wanted; none: all.</param>
    public static async Task RunAsync(string address, RunOptions options, IReadOnlyCollection<string> parts)
    {
        bool IsWanted(string part) => parts.Count == 0 || parts.Contains(part);
        Console.WriteLine("| cluster store, one node | result |");
        Console.WriteLine("|---|---|");
        var writes = Math.Min(options.Records, 400_000);
        if (IsWanted("write"))
        {
            await WriteAsync(address, options, writes, isIndexed: false);
        }

        if (IsWanted("senders"))
        {
            await SendersAsync(address, options);
        }

        if (IsWanted("read"))
        {
            await ReadAsync(address, options, layout: null);
            await ReadAsync(address, options, layout: (60, 4));
        }

        if (IsWanted("compat"))
        {
            // Last: an indexed node may be too slow for its own time-outs.
            await WriteAsync(address, options, writes / 4, isIndexed: true);
        }
    }

    /// <summary>Fifty senders of two records a second each: how many slices that makes.</summary>
    private static async Task SendersAsync(string address, RunOptions options)
    {
        await using var keyspace = new ClusterKeyspace(address, "bench_senders", options.Work);
        await keyspace.CreateAsync(isIndexed: false);
        await using var store = await keyspace.OpenAsync();
        Origin[] origins = [.. Enumerable.Range(0, 50).Select(_ => Origin.Random())];
        var builder = new RecordBatchBuilder(default, new RecordLimits(), TimeProvider.System);
        var sequence = 0UL;
        for (var tenth = 0; tenth < 100; tenth++)
        {
            for (var sender = tenth % 5 * 10; sender < (tenth % 5 * 10) + 10; sender++)
            {
                var writer = builder.Begin();
                writer.SetTime(RecordTime.Now(TimeProvider.System));
                writer.SetText(NamedField.Message, "a record of a small service");
                writer.TryCommit(builder.AddOrigin(origins[sender]), (ulong)(tenth / 5));
                await store.AppendAsync(builder.Freeze(), ++sequence, CancellationToken.None);
            }

            await Task.Delay(100);
        }

        await store.FlushAsync(CancellationToken.None);
        using var counted = await keyspace.Session.QueryAsync($"SELECT COUNT(*) FROM {keyspace.Name}.log_batches");
        foreach (var row in counted)
        {
            Measure.Row("50 senders of 2 records/s: slices a second", $"{row[0].GetInt64() / 10.0:F1} (≤ 10)");
        }
    }

    private static async Task WriteAsync(string address, RunOptions options, long records, bool isIndexed)
    {
        var profile = isIndexed ? "compat" : "scale";
        await using var keyspace = new ClusterKeyspace(address, $"bench_{profile}", options.Work);
        var corpus = new CorpusGenerator(records, options.Day);
        var begin = RecordTime.Now(TimeProvider.System) - (10 * TimeSpan.TicksPerMinute);
        List<RecordBatch> batches = [.. CorpusBatches.Of(corpus, BatchSize, 0, i => begin + (i * 8 * TimeSpan.TicksPerMinute / records))];
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            await keyspace.CreateAsync(isIndexed);
            var (most, encoding) = await PreparedAsync(keyspace, batches, records, isIndexed);
            await keyspace.DisposeAsync();

            // What was encoded before is garbage by now, and collecting it would count as the store's time. So would a session of the
            // benchmark's own, which looks after its deadlines ten times a second.
            await keyspace.CreateAsync(isIndexed);
            await keyspace.DisposeAsync();
            GC.Collect();
            var (rate, cpu) = await StoreAsync(keyspace, batches, records);
            var round = repeat == 0 ? " (cold: not counted)" : "";
            Measure.Row(
                $"{profile}: ingest, batches of {BatchSize}{round}",
                $"{rate:N0} records/s, {rate / most:F2} × encoded before ({most:N0}) (≥ 0.8)");
            Measure.Row($"{profile}: client{round}", $"{cpu:F2} µs of CPU a record (≤ 2), of it encoding {encoding:F2}");
        }
    }

    private static async Task<(double Rate, double Encoding)> PreparedAsync(
        ClusterKeyspace keyspace, List<RecordBatch> batches, long records, bool isIndexed)
    {
        var statements = await Statements.PrepareAsync(keyspace.Session, keyspace.Name, CancellationToken.None);
        List<UnloggedBatch> encoded = [];
        var encoding = Measure.Once(() => encoded = PreparedSlices.Encode(batches, statements));
        var clock = Stopwatch.StartNew();
        await PreparedSlices.SendAsync(keyspace.Session, encoded, isIndexed ? 8 : 32);
        var rate = records / clock.Elapsed.TotalSeconds;
        encoded.ForEach(batch => batch.Dispose());
        return (rate, encoding.Cpu.TotalMicroseconds / records);
    }

    private static async Task<(double Rate, double Cpu)> StoreAsync(ClusterKeyspace keyspace, List<RecordBatch> batches, long records)
    {
        await using var store = await keyspace.OpenAsync();
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var sequence = 0UL;
        foreach (var batch in batches)
        {
            await store.AppendAsync(batch, ++sequence, CancellationToken.None);
        }

        await store.FlushAsync(CancellationToken.None);
        var rate = records / clock.Elapsed.TotalSeconds;
        return (rate, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / records);
    }

    private static async Task ReadAsync(string address, RunOptions options, (int Minutes, int Shards)? layout)
    {
        var name = layout is null ? "15 min × 8" : $"{layout.Value.Minutes} min × {layout.Value.Shards}";
        await using var keyspace = new ClusterKeyspace(address, $"bench_read_{layout?.Minutes ?? 15}", options.Work);
        await keyspace.CreateAsync(isIndexed: false, layout);
        var corpus = new CorpusGenerator(options.Records, options.Day);
        await using var store = await keyspace.OpenAsync();
        await StoreAsync(keyspace, store, corpus);

        var now = options.Day.AddDays(1);
        await TimeAsync(store, now, $"{name}: newest 100 ERROR of the day (p95 ≤ 15 ms)", _ => "level:ERROR", rows: 100);
        var random = new Random(5);
        var ids = Enumerable.Range(0, 40).Select(_ => Id(corpus, random.NextInt64(corpus.Count))).ToArray();
        var goal = layout is null ? "1 s" : "300 ms";
        await TimeAsync(store, now, $"{name}: a request id over the day (p95 ≤ {goal})", i => $"request_id:{ids[i % 40]}", rows: 100);
        await TimeAsync(store, now, $"{name}: count by level", _ => "* | count by level", rows: 0, repeats: 10);

        var ceiling = await ScanAsync(keyspace);
        var clock = Stopwatch.StartNew();
        await CountAsync(store, now, $"\"{CorpusGenerator.Phrase}\" | count", 0);
        var rate = options.Records / clock.Elapsed.TotalSeconds;
        Measure.Row(
            $"{name}: substring search over all", $"{rate:N0} rows/s, {rate / ceiling:F2} × a bare scan ({ceiling:N0} rows/s) (≥ 0.8)");
    }

    private static async Task StoreAsync(ClusterKeyspace keyspace, CassandraLogStore store, CorpusGenerator corpus)
    {
        var sequence = 0UL;
        foreach (var batch in CorpusBatches.Of(corpus, BatchSize))
        {
            await store.AppendAsync(batch, ++sequence, CancellationToken.None);
        }

        await store.FlushAsync(CancellationToken.None);
        Console.WriteLine($"| {keyspace.Name}: records stored | {corpus.Count:N0} |");
    }

    private static string Id(CorpusGenerator corpus, long row) => System.Text.Encoding.UTF8.GetString(corpus.Row(row).RequestId.Span);

    private static async Task TimeAsync(
        CassandraLogStore store, DateTimeOffset now, string name, Func<int, string> query, int rows, int repeats = 40)
    {
        var warming = Stopwatch.StartNew();
        for (var i = 0; warming.Elapsed < _warming; i++)
        {
            await CountAsync(store, now, query(i), rows);
        }

        var times = new List<double>();
        for (var i = 0; i < repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            await CountAsync(store, now, query(i), rows);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        Measure.Row(name, $"median {times[times.Count / 2]:F1} ms, p95 {times[times.Count * 95 / 100]:F1} ms");
    }

    private static async Task<int> CountAsync(CassandraLogStore store, DateTimeOffset now, string query, int rows)
    {
        var parsed = QueryParser.Parse(query, new QueryContext { Now = now, PageSize = Math.Max(1, rows) });
        var count = 0;
        var options = new QueryOptions { Deadline = TimeSpan.FromMinutes(5) };
        await foreach (var part in store.QueryAsync(parsed, options, CancellationToken.None))
        {
            count += part is AnswerEnd ? 0 : 1;
            if (part is AnswerEnd { Completeness: { IsComplete: false } why })
            {
                throw new InvalidOperationException(why.Reasons[0].Text);
            }
        }

        return count;
    }

    /// <summary>Message and traceback of every row, partitions in parallel: nothing but the client and the node.</summary>
    private static async Task<double> ScanAsync(ClusterKeyspace keyspace)
    {
        var keys = new List<(DateOnly Date, short Bucket, short Shard)>();
        using (var partitions = await keyspace.Session.QueryAsync(
            $"SELECT DISTINCT log_date, bucket, shard FROM {keyspace.Name}.application_logs", new CqlRequestOptions { PageSize = 0 }))
        {
            foreach (var row in partitions)
            {
                keys.Add((row[0].GetDate(), row[1].GetInt16(), row[2].GetInt16()));
            }
        }

        var select = await keyspace.Session.PrepareAsync(
            $"SELECT log_id, message, traceback FROM {keyspace.Name}.application_logs WHERE log_date = ? AND bucket = ? AND shard = ?");
        var rows = 0L;
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, cancel) =>
        {
            var values = new KeyValues(key.Date, key.Bucket, key.Shard);
            await foreach (var page in keyspace.Session.ReadPagesAsync(select, values, null, cancel))
            {
                Interlocked.Add(ref rows, page.RowCount);
            }
        });
        return rows / clock.Elapsed.TotalSeconds;
    }

    private readonly record struct KeyValues(DateOnly Date, short Bucket, short Shard) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteDate(Date);
            writer.WriteInt16(Bucket);
            writer.WriteInt16(Shard);
        }
    }
}
