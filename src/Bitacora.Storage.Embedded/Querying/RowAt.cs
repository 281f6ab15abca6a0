using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Where a row of the answer lies until it is shown: in a batch in memory, in a file, or read already.</summary>
internal readonly record struct RowAt(RecordBatch? Batch, int Index, DayFile? File, long Row, LogRecord? Record)
{
    public static RowAt In(RecordBatch batch, int index) => new(batch, index, null, 0, null);

    public static RowAt In(DayFile file, long row) => new(null, 0, file, row, null);

    public static RowAt Of(LogRecord record) => new(null, 0, null, 0, record);
}
