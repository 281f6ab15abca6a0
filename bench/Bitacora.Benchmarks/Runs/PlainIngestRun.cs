using Bitacora.Benchmarks.Corpus;
using Bitacora.Benchmarks.Plain;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Benchmarks.Runs;

/// <summary>Parsing and DuckDB append of the corpus in this process: the measure for the server's cost.</summary>
internal static class PlainIngestRun
{
    public static void Run(RunOptions options)
    {
        options.RequireCorpus();
        var parse = Measure.Once(() => Read(options.CorpusFile, _ => { }));
        var decode = Measure.Once(() => Decode(options.CorpusFile));
        var append = Append(options);
        var cost = append.Cpu.TotalMicroseconds / options.Records;
        Measure.Row("plain: parsing alone", $"{parse.Cpu.TotalMicroseconds / options.Records:F2} µs of CPU a record");
        Measure.Row("the product's decoder alone", $"{decode.Cpu.TotalMicroseconds / options.Records:F2} µs of CPU a record");
        Measure.Row("plain: parsing + append", $"{cost:F2} µs of CPU a record, {options.Records / append.Wall.TotalSeconds:N0} records/s");
        Measure.Row("plain: file", $"{new FileInfo(options.PlainFile).Length / 1e6:N0} MB");
    }

    /// <summary>Parses the corpus and appends it to a new table.</summary>
    public static (TimeSpan Wall, TimeSpan Cpu) Append(RunOptions options)
    {
        File.Delete(options.PlainFile);
        File.Delete(options.PlainFile + ".wal");
        return Measure.Once(() =>
        {
            using var table = new PlainTable(options.PlainFile);
            using (var appender = table.Appender())
            {
                Read(options.CorpusFile, appender.Append);
            }

            table.Checkpoint();
        });
    }

    /// <summary>What the server does with a line before it is encoded: any name, any time format, limits, attributes.</summary>
    private static void Decode(string file)
    {
        using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var lines = new LineReader(input);
        var decoder = new JsonLineDecoder();
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, TimeProvider.System);
        while (lines.TryRead(out var line))
        {
            if (!decoder.Decode(line, builder.Begin()).IsAccepted)
            {
                throw new InvalidOperationException("The decoder refused a line of the corpus.");
            }
        }
    }

    private static void Read(string file, Action<CorpusRow> take)
    {
        using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var lines = new LineReader(input);
        var row = new CorpusRow();
        while (lines.TryRead(out var line))
        {
            PlainRowParser.Parse(line, row);
            take(row);
        }
    }
}
