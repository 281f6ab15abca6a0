using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// The rows of a query, a chunk (at most 2,048 rows) at a time. What <see cref="Column"/> gives is valid until the next
/// <see cref="Read"/>.
/// </summary>
internal sealed class EngineResult : IDisposable
{
    private readonly string _attempted;
    private readonly EngineFaults _faults;
    private DuckDBResult _result;
    private DuckDBDataChunk? _chunk;
    private bool _disposed;

    public EngineResult(DuckDBResult result, string attempted, EngineFaults faults)
    {
        _result = result;
        _attempted = attempted;
        _faults = faults;
    }

    /// <summary>Rows in the current chunk.</summary>
    public int RowCount { get; private set; }

    /// <summary>Goes to the next chunk that has rows; false at the end.</summary>
    public bool Read()
    {
        while (true)
        {
            _chunk?.Dispose();
            _chunk = null;
            RowCount = 0;
            var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
            if (chunk is null || chunk.IsInvalid)
            {
                // A streaming query that fails or is interrupted ends like one that is complete: only the error tells.
                var error = NativeMethods.Query.DuckDBResultError(ref _result);
                return string.IsNullOrEmpty(error) ? false : throw _faults.Of(_attempted, error);
            }

            _chunk = chunk;
            RowCount = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
            if (RowCount > 0)
            {
                return true;
            }
        }
    }

    public ResultVector Column(int index) =>
        new(NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk!, index));

    /// <summary>The columns' types; the caller disposes of them.</summary>
    public DuckDBLogicalType[] ColumnTypes()
    {
        var types = new DuckDBLogicalType[(int)NativeMethods.Query.DuckDBColumnCount(ref _result)];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = NativeMethods.Query.DuckDBColumnLogicalType(ref _result, i);
        }

        return types;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _chunk?.Dispose();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
    }
}
