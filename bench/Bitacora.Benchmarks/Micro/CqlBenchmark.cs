using BenchmarkDotNet.Attributes;
using Bitacora.Benchmarks.Cql;
using Bitacora.Cql;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Routing;

namespace Bitacora.Benchmarks.Micro;

/// <summary>M1: the parts of a request, without a network.</summary>
[MemoryDiagnoser]
public class CqlBenchmark
{
    private const int Rows = 100;
    private const int SmallFrame = 138;

    private static readonly CqlTypeCode[] Types =
    [
        CqlTypeCode.Int, CqlTypeCode.Timestamp, CqlTypeCode.Uuid, CqlTypeCode.Text, CqlTypeCode.Text, CqlTypeCode.Text, CqlTypeCode.Text,
        CqlTypeCode.Double,
    ];

    private readonly PreparedStatement _insert = new(
        CqlBenchmarkRow.Insert,
        new PreparedAnswer(
            new byte[16],
            [],
            new ColumnSet([.. Types.Select((type, i) => new CqlColumn("bench", "logs", $"c{i}", CqlType.Simple(type)))]),
            [0],
            ColumnSet.Empty));

    private static readonly UnloggedBatch Batch = new();
    private readonly byte[] _frame = new byte[OuterFrame.MaxSize];
    private readonly byte[] _key = new byte[18];
    private readonly string _message = new('m', 200);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int EncodeRow()
    {
        Batch.Clear();
        for (var i = 0; i < Rows; i++)
        {
            Batch.Add(_insert, new CqlBenchmarkRow(1, i, Guid.Empty, _message));
        }

        return Batch.Length;
    }

    [Benchmark]
    public void SealLargestFrame() => OuterFrame.Seal(_frame, selfContained: true);

    [Benchmark]
    public void SealSmallFrame() => OuterFrame.Seal(_frame.AsSpan(0, SmallFrame), selfContained: true);

    [Benchmark]
    public long Token() => Murmur3.Token(_key);
}
