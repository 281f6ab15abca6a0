using Bitacora.Benchmarks.Corpus;
using Bitacora.Records;
using Bitacora.Storage.Embedded;

namespace Bitacora.Benchmarks.Runs;

/// <summary>The embedded store alone: batches appended and sealed, without HTTP, parsing and write-ahead log.</summary>
internal static class StoreIngestRun
{
    private const int BatchSize = 1_000;

    public static async Task RunAsync(RunOptions options)
    {
        var corpus = new CorpusGenerator(options.Records, options.Day);
        var batches = 0;
        var generating = Measure.Once(() => batches = CorpusBatches.Of(corpus, BatchSize).Count());
        if (Directory.Exists(options.DataDirectory))
        {
            Directory.Delete(options.DataDirectory, recursive: true);
        }

        var cpu = Environment.CpuUsage.TotalTime;
        await using (var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = options.DataDirectory }, TimeProvider.System))
        {
            await AppendAsync(store, CorpusBatches.Of(corpus, BatchSize), firstSequence: 1);
        }

        cpu = Environment.CpuUsage.TotalTime - cpu - generating.Cpu;
        Measure.Row("store: append and seal", $"{cpu.TotalMicroseconds / options.Records:F2} µs of CPU a record, {batches:N0} batches");
        var bytes = new DirectoryInfo(options.DataDirectory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Measure.Row("store: files", $"{bytes / 1e6:N0} MB");
    }

    /// <summary>Appends batches and returns when all of them are in files.</summary>
    public static async Task AppendAsync(EmbeddedLogStore store, IEnumerable<RecordBatch> batches, ulong firstSequence)
    {
        var sequence = firstSequence;
        foreach (var batch in batches)
        {
            await store.AppendAsync(batch, sequence++, CancellationToken.None);
        }

        await store.SealAllAsync(CancellationToken.None);
    }
}
