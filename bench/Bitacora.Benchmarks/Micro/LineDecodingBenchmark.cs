using BenchmarkDotNet.Attributes;
using Bitacora.Benchmarks.Corpus;
using Bitacora.Benchmarks.Plain;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Benchmarks.Micro;

/// <summary>1,000 JSON lines: the framework's reader with known names, against the decoder that knows any sender's.</summary>
[MemoryDiagnoser]
public class LineDecodingBenchmark
{
    private const int Lines = 1_000;

    private readonly CorpusRow _row = new();
    private readonly JsonLineDecoder _decoder = new();
    private readonly RecordBatchBuilder _builder = new(SenderId.None, RecordLimits.Default, TimeProvider.System);
    private byte[][] _lines = [];

    [GlobalSetup]
    public void Setup()
    {
        var output = new MemoryStream();
        using var writer = new NdjsonWriter(output);
        var corpus = new CorpusGenerator(Lines, DateTimeOffset.UnixEpoch.AddDays(20_000));
        _lines = new byte[Lines][];
        for (var i = 0; i < Lines; i++)
        {
            output.SetLength(0);
            writer.Write(corpus.Row(i));
            _lines[i] = output.ToArray()[..^1];
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public long Framework()
    {
        var sum = 0L;
        foreach (var line in _lines)
        {
            PlainRowParser.Parse(line, _row);
            sum += _row.Time;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Decoder()
    {
        var accepted = 0;
        foreach (var line in _lines)
        {
            accepted += _decoder.Decode(line, _builder.Begin()).IsAccepted ? 1 : 0;
        }

        return accepted;
    }
}
