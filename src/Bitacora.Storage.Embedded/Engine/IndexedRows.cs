namespace Bitacora.Storage.Embedded.Engine;

/// <summary>So many rows, each written by its index, of short texts.</summary>
internal sealed class IndexedRows(int count, IndexedRows.RowWriter write) : IRowSource
{
    private int _next;

    /// <summary>Writes one row.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="row">Its place in the chunk.</param>
    /// <param name="index">Which row of all it is.</param>
    public delegate void RowWriter(ReadOnlySpan<ColumnWriter> columns, int row, int index);

    public int Fill(ReadOnlySpan<ColumnWriter> columns, ChunkTexts texts, int capacity)
    {
        var rows = Math.Min(capacity, count - _next);
        for (var row = 0; row < rows; row++)
        {
            write(columns, row, _next + row);
        }

        _next += rows;
        return rows;
    }
}
