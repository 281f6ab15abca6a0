using Bitacora.Benchmarks.Corpus;

namespace Bitacora.Benchmarks.Runs;

/// <summary>Writes the corpus as JSON lines.</summary>
internal static class GenerateRun
{
    public static void Run(RunOptions options)
    {
        var bytes = Write(options);
        Measure.Row("corpus", $"{options.Records:N0} records, {bytes / (double)options.Records:F0} bytes each as JSON");
    }

    /// <returns>The file's length.</returns>
    public static long Write(RunOptions options)
    {
        using var output = new FileStream(options.CorpusFile, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        using var writer = new NdjsonWriter(output);
        var corpus = new CorpusGenerator(options.Records, options.Day);
        for (var i = 0L; i < corpus.Count; i++)
        {
            writer.Write(corpus.Row(i));
        }

        return output.Length;
    }
}
