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

    private static readonly ColumnSet Columns =
        new([.. Types.Select((type, i) => new CqlColumn("bench", "logs", $"c{i}", CqlType.Simple(type)))]);

    private static readonly EnvelopeDecoder Decoder = new(maxBodyLength: 1 << 20);

    private readonly PreparedStatement _insert =
        new(CqlBenchmarkRow.Insert, new PreparedAnswer(new byte[16], [], Columns, [0], ColumnSet.Empty));

    private readonly KnownColumns _columns = new(Columns);
    private readonly byte[] _page = Page();

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

    /// <summary>A page as it came: its header, and four of the eight columns of each row.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public long DecodePage()
    {
        var envelope = new Envelope(new EnvelopeHeader(0x85, EnvelopeFlags.None, 2, Opcode.Result, _page.Length), _page);
        using var page = ResultReader.Read(Decoder, envelope, ProtocolVersion.V5, _columns);
        var sum = 0L;
        foreach (var row in page)
        {
            sum += row[0].GetInt32() + row[1].GetUnixMilliseconds() + row[3].GetUtf8().Length + row[6].GetUtf8().Length;
        }

        return sum;
    }

    [Benchmark]
    public long Token() => Murmur3.Token(_key);

    // A batch has the same encoded values behind each row's prefix: kind, the statement's id, how many there are.
    private static byte[] Page()
    {
        const int Prefix = 1 + sizeof(ushort) + 16 + sizeof(ushort);
        var statement = new PreparedStatement(CqlBenchmarkRow.Insert, new PreparedAnswer(new byte[16], [], Columns, [0], ColumnSet.Empty));
        using var batch = new UnloggedBatch();
        // RESULT of kind rows, the columns left out; eight of them.
        List<byte> page = [0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0, Rows];
        for (var i = 0; i < Rows; i++)
        {
            batch.Clear();
            batch.Add(statement, new CqlBenchmarkRow(1, i, Guid.Empty, new string('m', 200)));
            page.AddRange(batch.Children[Prefix..]);
        }

        return [.. page];
    }

    private sealed class KnownColumns(ColumnSet columns) : IResultColumns
    {
        ColumnSet IResultColumns.KnownColumns => columns;

        public void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet changed) => throw new NotSupportedException();
    }
}
