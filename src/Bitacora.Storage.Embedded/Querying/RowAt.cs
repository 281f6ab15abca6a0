using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Where a row of the answer lies until it is shown: in a batch in memory, or in a file.</summary>
internal readonly record struct RowAt(RecordBatch? Batch, int Index, DayFile? File, long Row)
{
    public static RowAt In(RecordBatch batch, int index) => new(batch, index, null, 0);

    public static RowAt In(DayFile file, long row) => new(null, 0, file, row);
}
