using BenchmarkDotNet.Attributes;
using Bitacora.Benchmarks.Corpus;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Benchmarks.Micro;

/// <summary>The evaluator on encoded records: what a search of the MemTable costs a record.</summary>
[MemoryDiagnoser]
public class FilterBenchmark
{
    private const int Records = 1_000;

    private RecordBatch? _batch;
    private LogQuery? _query;

    [Params("level:ERROR", "nowhere-to-be-found", "request_id:0123456789abcdef", "message~\"timeout.*[0-9]{5}\"")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _batch = CorpusBatches.Of(new CorpusGenerator(Records, DateTimeOffset.UnixEpoch.AddDays(20_000)), Records).Single();
        _query = QueryParser.Parse(Query, new QueryContext { Now = DateTimeOffset.UnixEpoch.AddDays(20_001) });
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Matching()
    {
        var matching = 0;
        for (var i = 0; i < Records; i++)
        {
            matching += _query!.Matches(_batch![i]) ? 1 : 0;
        }

        return matching;
    }
}
