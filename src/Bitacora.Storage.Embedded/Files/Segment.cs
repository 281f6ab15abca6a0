namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// One row of a file's segment directory: an ordered run of rows that one seal wrote, and what is known without reading it.
/// </summary>
/// <param name="Number">From 0 in each file.</param>
/// <param name="FirstRow">Row id of the earliest row; rows follow by (time, id).</param>
/// <param name="LastRow">Row id of the latest row, inclusive.</param>
/// <param name="FirstTime">Earliest event time, ticks since 1970.</param>
/// <param name="LastTime">Latest event time, ticks since 1970.</param>
/// <param name="LevelBits">Bit <c>1 &lt;&lt; level</c> for each level that occurs.</param>
/// <param name="LayerBits">Bit <c>1 &lt;&lt; layer</c> for each layer that occurs.</param>
/// <param name="Columns">Which columns hold any value (<see cref="ColumnBits"/>).</param>
/// <param name="Through">The WAL sequence through which the file is sealed since this segment.</param>
/// <param name="SealedAt">When it was sealed, ticks since 1970.</param>
/// <param name="NamesComplete">Whether the attribute names of all its rows are counted.</param>
internal sealed record Segment(
    int Number,
    long FirstRow,
    long LastRow,
    long FirstTime,
    long LastTime,
    byte LevelBits,
    byte LayerBits,
    int Columns,
    ulong Through,
    long SealedAt,
    bool NamesComplete)
{
    public long Rows => LastRow - FirstRow + 1;
}
