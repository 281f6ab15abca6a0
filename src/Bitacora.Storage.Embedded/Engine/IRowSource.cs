namespace Bitacora.Storage.Embedded.Engine;

/// <summary>Rows that <see cref="RowFeed"/> inserts.</summary>
internal interface IRowSource
{
    /// <summary>Writes the next rows.</summary>
    /// <param name="columns">The table's columns, at row 0 of an empty chunk.</param>
    /// <param name="texts">The chunk's texts; once they are full, no further row should follow.</param>
    /// <param name="capacity">How many rows fit.</param>
    /// <returns>How many were written; 0 is the end.</returns>
    int Fill(ReadOnlySpan<ColumnWriter> columns, ChunkTexts texts, int capacity);
}
