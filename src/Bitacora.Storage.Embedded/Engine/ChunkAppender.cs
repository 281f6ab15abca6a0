using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// Fills a table through native data chunks of 2,048 rows: columns are written by pointer, nothing is boxed. The rows are part
/// of the transaction that the connection has open. Call <see cref="Close"/> before the commit; a dispose without it drops them.
/// </summary>
internal sealed unsafe class ChunkAppender : IDisposable
{
    /// <summary>DuckDB's vector size.</summary>
    public const int RowsPerChunk = 2048;

    private readonly DuckDBAppender _appender;
    private readonly DuckDBLogicalType[] _types;
    private readonly DuckDBDataChunk _chunk;
    private readonly ColumnWriter[] _columns;
    private int _rows;

    public ChunkAppender(EngineConnection connection, string catalog, string table)
    {
        if (NativeMethods.Appender.DuckDBAppenderCreateExt(connection.Handle, catalog, "main", table, out _appender) != DuckDBState.Success)
        {
            var reason = Reason();
            _appender.Dispose();
            throw new EngineException($"writing to {catalog}.{table}", reason);
        }

        var count = (int)NativeMethods.Appender.DuckDBAppenderColumnCount(_appender);
        _types = new DuckDBLogicalType[count];
        var handles = new nint[count];
        for (var i = 0; i < count; i++)
        {
            _types[i] = NativeMethods.Appender.DuckDBAppenderColumnType(_appender, (ulong)i);
            handles[i] = _types[i].DangerousGetHandle();
        }

        _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk(handles, (ulong)count);
        _columns = new ColumnWriter[count];
        for (var i = 0; i < count; i++)
        {
            _columns[i] = new ColumnWriter(NativeMethods.LogicalType.DuckDBGetTypeId(_types[i]) == DuckDBType.Map);
        }

        Begin();
    }

    public ColumnWriter Column(int index) => _columns[index];

    /// <summary>The row that the columns are written for; from 0 in each chunk.</summary>
    public int Row => _rows;

    /// <summary>Ends a row; a full chunk goes to the table.</summary>
    public void EndRow()
    {
        _rows++;
        if (_rows == RowsPerChunk)
        {
            Flush();
            Begin();
        }
    }

    /// <summary>Hands the last rows over. After it nothing more can be written.</summary>
    public void Close()
    {
        Flush();
        if (NativeMethods.Appender.DuckDBAppenderClose(_appender) != DuckDBState.Success)
        {
            throw new EngineException("closing the appender", Reason());
        }
    }

    public void Dispose()
    {
        _chunk.Dispose();
        foreach (var type in _types)
        {
            type.Dispose();
        }

        _appender.Dispose();
    }

    private void Begin()
    {
        _rows = 0;
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Begin(NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, i));
        }
    }

    private void Flush()
    {
        if (_rows == 0)
        {
            return;
        }

        foreach (var column in _columns)
        {
            column.End();
        }

        NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)_rows);
        if (NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk) != DuckDBState.Success)
        {
            throw new EngineException("appending rows", Reason());
        }

        _rows = 0;
    }

    private string Reason()
    {
        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(_appender);
        return error.Message ?? "no reason given";
    }
}
