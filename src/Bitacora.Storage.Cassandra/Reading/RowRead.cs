using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>One level of a layer's partition, between two times: what one statement reads, newest first.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Key">The partition.</param>
/// <param name="Level">The level.</param>
/// <param name="From">The first time, in units of 100 ns since 1970.</param>
/// <param name="Through">The last time.</param>
internal readonly record struct RowRead(Layer Layer, PartitionKey Key, Level Level, long From, long Through) : ICqlValues
{
    /// <summary>The values of <see cref="Schema.Statements.SelectSlice"/>. Its timestamps are whole milliseconds.</summary>
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteDate(Key.Date);
        writer.WriteInt16(Key.Bucket);
        writer.WriteInt16(Key.Shard);
        writer.WriteUtf8(Levels.Utf8Name(Level));
        writer.WriteTimestamp(From / RecordTime.Millisecond);
        writer.WriteTimestamp(Through / RecordTime.Millisecond);
    }
}
