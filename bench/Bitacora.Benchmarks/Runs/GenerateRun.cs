using Bitacora.Benchmarks.Corpus;

namespace Bitacora.Benchmarks.Runs;

/// <summary>Writes the corpus as JSON lines.</summary>
internal static class GenerateRun
{
    public static void Run(RunOptions options)
    {
        using var output = new FileStream(options.CorpusFile, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        using var writer = new NdjsonWriter(output);
        var corpus = new CorpusGenerator(options.Records, options.Day);
        for (var i = 0L; i < corpus.Count; i++)
        {
            writer.Write(corpus.Row(i));
        }

        Measure.Row("corpus", $"{corpus.Count:N0} records, {output.Length / (double)corpus.Count:F0} bytes each as JSON");
    }
}
