using System.Diagnostics;
using System.Net;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;

namespace Bitacora.Cql;

/// <summary>
/// What a request brought: rows, or nothing but that it was done. Rows lie in pooled memory: dispose the result when they are read, and
/// keep nothing of them that is a span. Not for several threads at once.
/// </summary>
public sealed class CqlResult : IDisposable
{
    private readonly ColumnSet _columns;
    private readonly int _rowsStart;
    private readonly int _pagingStart;
    private readonly int _pagingLength;
    private byte[]? _buffer;
    private int _length;
    private int[]? _offsets;

    private CqlResult(ColumnSet columns) => _columns = columns;

    internal CqlResult(PooledBytes body, ColumnSet columns, int rowCount, int rowsStart, Range pagingState)
    {
        _columns = columns;
        _buffer = body.Array;
        _length = body.Length;
        _rowsStart = rowsStart;
        (_pagingStart, _pagingLength) = pagingState.GetOffsetAndLength(body.Length);
        RowCount = rowCount;
    }

    /// <summary>The answer to most requests; shared, so that a write allocates nothing for it.</summary>
    internal static CqlResult Done { get; } = new(ColumnSet.Empty);

    /// <summary>How many rows it has: of a page, those of this page.</summary>
    public int RowCount { get; }

    /// <summary>The columns of its rows.</summary>
    public IReadOnlyList<CqlColumn> Columns => _columns.Columns;

    /// <summary>What the server warns of; empty as a rule.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Whether more pages follow. A page may be empty and more follow all the same.</summary>
    public bool HasMorePages => _pagingLength > 0;

    /// <summary>Where the next page begins: for <see cref="CqlRequestOptions.PagingState"/>, good for the same query only.</summary>
    public ReadOnlySpan<byte> PagingState => Bytes.Slice(_pagingStart, _pagingLength);

    /// <summary>
    /// Of a lightweight transaction: whether it was applied. If not, the row has the values that were in the way.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request was no lightweight transaction.</exception>
    public bool WasApplied
    {
        get
        {
            var column = _columns.IndexOf("[applied]");
            using var rows = GetEnumerator();
            return column >= 0 && rows.MoveNext()
                ? rows.Current[column].GetBoolean()
                : throw new InvalidOperationException("The request was not a lightweight transaction.");
        }
    }

    /// <summary>A change of the schema that the request made.</summary>
    internal SchemaChange? SchemaChange { get; private init; }

    /// <summary>Who answered; null for <see cref="Done"/>.</summary>
    internal EndPoint? Node { get; set; }

    /// <summary>The answer to PREPARE.</summary>
    internal PreparedAnswer? Prepared { get; private init; }

    private ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null && _rowsStart > 0, this);
            return _buffer.AsSpan(0, _length);
        }
    }

    /// <summary>Goes through the rows; can be done again.</summary>
    public CqlRows GetEnumerator() => new(
        this, Bytes[_rowsStart..], _columns, Interlocked.Exchange(ref _offsets, null) ?? new int[_columns.Count], RowCount);

    /// <summary>Gives the memory back. Rows and values of this result must not be touched any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            _length = 0;
            new PooledBytes(buffer, 0).Return();
        }
    }

    internal static CqlResult Of(SchemaChange change, string[] warnings) =>
        new(ColumnSet.Empty) { SchemaChange = change, Warnings = warnings };

    internal static CqlResult Of(PreparedAnswer prepared, string[] warnings) =>
        new(ColumnSet.Empty) { Prepared = prepared, Warnings = warnings };

    internal static CqlResult Of(string[] warnings) => warnings.Length == 0 ? Done : new(ColumnSet.Empty) { Warnings = warnings };

    internal static CqlResult OfRows(
        PooledBytes body, ColumnSet columns, int rowCount, int rowsStart, Range pagingState, string[] warnings) =>
        new(body, columns, rowCount, rowsStart, pagingState) { Warnings = warnings };

    internal void ReturnOffsets(int[] offsets)
    {
        Debug.Assert(offsets.Length == _columns.Count);
        _offsets = offsets;
    }
}
