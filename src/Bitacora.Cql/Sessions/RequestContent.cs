using System.Text;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Sessions;

/// <summary>
/// What a request says: a QUERY, an EXECUTE or a BATCH. Values are encoded once; what differs between versions of the protocol, and
/// between ids of a statement, is written around them for each attempt.
/// </summary>
internal sealed class RequestContent
{
    private const byte UnloggedType = 1;

    private readonly ValueBuffer _values = new();
    private CqlRequestOptions _options = CqlRequestOptions.Default;
    private PreparedAnswer? _answer;
    private QueryParameters _parameters;
    private string? _cql;
    private int _valueCount;
    private int _valuesLength;

    public Opcode Opcode { get; private set; }

    public PreparedStatement? Statement { get; private set; }

    public UnloggedBatch? Batch { get; private set; }

    public string? Keyspace { get; private set; }

    public long? Token { get; private set; }

    /// <summary>The only node that may have it.</summary>
    public Guid? Node => _options.Node;

    public long? Timestamp { get; set; }

    /// <summary>The columns that the answer will have, if the server was told not to repeat them.</summary>
    public ColumnSet? KnownColumns => _parameters.SkipMetadata ? _answer?.ResultColumns : null;

    /// <summary>How many different statements a server may not know, one after the other.</summary>
    public int StatementCount => Batch?.Statements.Count ?? (Statement is null ? 0 : 1);

    public void SetQuery<TValues>(
        string cql, scoped in TValues values, CqlRequestOptions options, ReadOnlySpan<byte> pagingState, int limit)
        where TValues : ICqlValues, allows ref struct
    {
        if (cql.Length > limit)
        {
            throw new ArgumentException($"The query has {cql.Length} characters, more than {limit}.", nameof(cql));
        }

        (Opcode, _cql, _options) = (Opcode.Query, cql, options);
        SetValues(values, null, pagingState, limit);
    }

    public void SetExecute<TValues>(
        PreparedStatement statement, scoped in TValues values, CqlRequestOptions options, ReadOnlySpan<byte> pagingState, int limit)
        where TValues : ICqlValues, allows ref struct
    {
        (Opcode, Statement, _options) = (Opcode.Execute, statement, options);
        var answer = statement.Answer;
        SetValues(values, answer.Markers, pagingState, limit);
        Keyspace = statement.Keyspace;
        Token = RoutingKey(answer, _values.Written);
    }

    public void SetBatch(UnloggedBatch batch, CqlRequestOptions options)
    {
        (Opcode, Batch, _options) = (Opcode.Batch, batch, options);
        var first = batch.Statements[0];
        Keyspace = first.Keyspace;
        Token = RoutingKey(first.Answer, batch.FirstValues);
    }

    public int Measure(ProtocolVersion version)
    {
        if (Batch is not null)
        {
            return sizeof(byte) + sizeof(ushort) + Batch.Children.Length +
                QueryParameters.MeasureBatchEnd(version, _options.SerialConsistency, Timestamp);
        }

        _answer = Statement?.Answer;
        _parameters = new QueryParameters
        {
            Consistency = _options.Consistency,
            SerialConsistency = _options.SerialConsistency,
            ValueCount = _valueCount,
            ValuesLength = _valuesLength,
            // In v5 an id of the columns guards against those that have changed; in v4 nothing does.
            SkipMetadata = version >= ProtocolVersion.V5 && _answer?.ResultColumns.Count > 0,
            PageSize = _answer is { ResultColumns.Count: 0 } ? 0 : _options.PageSize,
            PagingStateLength = _values.Length - _valuesLength,
            Timestamp = Timestamp,
        };
        return MeasureStatement(version) + _parameters.Measure(version);
    }

    public void Write(ref WireWriter writer, ProtocolVersion version)
    {
        if (Batch is not null)
        {
            writer.WriteByte(UnloggedType);
            writer.WriteUInt16(Batch.Count);
            writer.WriteRaw(Batch.Children);
            QueryParameters.WriteBatchEnd(ref writer, version, _options.Consistency, _options.SerialConsistency, Timestamp);
            return;
        }

        WriteStatement(ref writer, version);
        var values = _values.Written;
        _parameters.Write(ref writer, version, values[.._valuesLength], values[_valuesLength..]);
    }

    /// <summary>The statement that a server does not know; null if it is none of ours.</summary>
    public PreparedStatement? FindStatement(ReadOnlySpan<byte> id)
    {
        if (Statement is not null)
        {
            return Statement;
        }

        foreach (var statement in Batch?.Statements ?? [])
        {
            if (id.SequenceEqual(statement.Answer.Id))
            {
                return statement;
            }
        }

        return null;
    }

    public void Clear()
    {
        _values.Reset();
        (_answer, _cql, Statement, Batch, Keyspace, Token, Timestamp) = (null, null, null, null, null, null, null);
        (_valueCount, _valuesLength, _parameters, _options) = (0, 0, default, CqlRequestOptions.Default);
    }

    private static long? RoutingKey(PreparedAnswer answer, ReadOnlySpan<byte> values) =>
        Routing.RoutingKey.Token(values, answer.PartitionKey);

    private void SetValues<TValues>(scoped in TValues values, ColumnSet? markers, ReadOnlySpan<byte> pagingState, int limit)
        where TValues : ICqlValues, allows ref struct
    {
        var writer = new ValueWriter(_values, markers, limit);
        values.WriteTo(ref writer);
        _valueCount = writer.Finish();
        _valuesLength = _values.Length;
        if (!pagingState.IsEmpty)
        {
            if (_options.PageSize <= 0)
            {
                throw new ArgumentException(
                    $"A paging state needs a {nameof(CqlRequestOptions.PageSize)}: without one servers begin at the start.");
            }

            var room = _values.Array.Length - _valuesLength < pagingState.Length
                ? _values.Grow(_valuesLength, pagingState.Length, limit)
                : _values.Array;
            pagingState.CopyTo(room[_valuesLength..]);
            _values.Length += pagingState.Length;
        }
    }

    private int MeasureStatement(ProtocolVersion version) => _answer is null
        ? sizeof(int) + Encoding.UTF8.GetByteCount(_cql!)
        : sizeof(ushort) + _answer.Id.Length + (version >= ProtocolVersion.V5 ? sizeof(ushort) + _answer.ResultMetadataId.Length : 0);

    private void WriteStatement(ref WireWriter writer, ProtocolVersion version)
    {
        if (_answer is null)
        {
            writer.WriteLongString(_cql!);
            return;
        }

        writer.WriteShortBytes(_answer.Id);
        if (version >= ProtocolVersion.V5)
        {
            writer.WriteShortBytes(_answer.ResultMetadataId);
        }
    }
}
