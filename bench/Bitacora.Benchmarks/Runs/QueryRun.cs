using Bitacora.Benchmarks.Corpus;
using Bitacora.Benchmarks.Plain;
using Bitacora.Query;
using Bitacora.Storage;
using Bitacora.Storage.Embedded;

namespace Bitacora.Benchmarks.Runs;

/// <summary>The same questions to the embedded store, at <see cref="ILogStore.QueryAsync"/>, and to the plain table, in turns.</summary>
internal static class QueryRun
{
    private const int Runs = 7;
    // A busy machine must not turn a slow answer into a partial one.
    private static readonly QueryOptions Patient = new() { Deadline = TimeSpan.FromMinutes(10) };

    private const int MemTableRecords = 65_535;

    // Inside of words, so that no index over words could help either side.
    private const string Substring = "onnection reset by pee";

    public static async Task RunAsync(RunOptions options)
    {
        await using (var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = options.DataDirectory }, TimeProvider.System))
        {
            using var plain = new PlainTable(options.PlainFile);
            await CompareAsync("newest 100", 1.2, Ask(store, options, "", 0, 24), () => plain.NewestRows(""));
            await CompareAsync(
                "newest 100 of ERROR in the last hour", 2, Ask(store, options, "level:ERROR", 23, 24),
                () => plain.NewestRows($"level = 'ERROR' AND time >= {Hour(options, 23)}"));
            await CompareAsync(
                "count of a substring (1.2 % of the rows)", 1.2, Ask(store, options, $"\"{Substring}\" | count", 0, 24),
                () => plain.Count(Substring));
            await CompareAsync(
                "count of a word (30 rows)", 1.2, Ask(store, options, $"{CorpusGenerator.RareWord} | count", 0, 24),
                () => plain.Count(CorpusGenerator.RareWord));

            await StoreIngestRun.AppendAsync(
                store, CorpusBatches.Of(new CorpusGenerator(options.Records, options.Day), 1_000, (ulong)options.Records), 1UL << 40);
            plain.LoadAgain();
            await CompareAsync(
                "newest 100 before noon, the day loaded twice", 3, Ask(store, options, "", 0, 12),
                () => plain.NewestRows($"time < {Hour(options, 12)}"));
        }

        await MemTableAsync(options);
    }

    private static async Task MemTableAsync(RunOptions options)
    {
        var directory = Path.Combine(options.Work, "memtable");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        await using var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory }, TimeProvider.System);
        var sequence = 0UL;
        foreach (var batch in CorpusBatches.Of(new CorpusGenerator(MemTableRecords, options.Day), 1_000))
        {
            await store.AppendAsync(batch, ++sequence, CancellationToken.None);
        }

        var (search, _) = await Measure.MediansAsync(Runs, Ask(store, options, "nowhere-to-be-found", 0, 24), () => Task.CompletedTask);
        Measure.Row($"search of {MemTableRecords:N0} records in memory", $"{search.WallMs:F1} ms (≤ 15), of CPU {search.CpuMs:F1} ms");
    }

    private static async Task CompareAsync(string name, double limit, Func<Task> store, Action plain)
    {
        var (ours, theirs) = await Measure.MediansAsync(Runs, store, () =>
        {
            plain();
            return Task.CompletedTask;
        });
        var ratio = ours.WallMs / theirs.WallMs;
        Measure.Row(
            name,
            $"{ours.WallMs:F1} ms, plain {theirs.WallMs:F1}: {ratio:F2} × (≤ {limit}); CPU {ours.CpuMs:F0}, {theirs.CpuMs:F0} ms");
    }

    /// <summary>A page of 100 (or an aggregation) over some hours of the day. Parsing is part of what is measured.</summary>
    private static Func<Task> Ask(EmbeddedLogStore store, RunOptions options, string text, int fromHour, int toHour) => async () =>
    {
        var query = QueryParser.Parse(text, new QueryContext
        {
            Now = TimeProvider.System.GetUtcNow(),
            FromTicks = Ticks(options, fromHour),
            ToTicks = Ticks(options, toHour),
            PageSize = 100,
        });
        await foreach (var part in store.QueryAsync(query, Patient, CancellationToken.None))
        {
            if (part is AnswerEnd { Completeness.IsComplete: false } end)
            {
                throw new InvalidOperationException($"partial answer to '{text}': {string.Join("; ", end.Completeness.Reasons)}");
            }
        }
    };

    private static long Ticks(RunOptions options, int hour) => (options.Day.AddHours(hour) - DateTimeOffset.UnixEpoch).Ticks;

    private static string Hour(RunOptions options, int hour) => PlainTable.Timestamp(options.Day.AddHours(hour));
}
