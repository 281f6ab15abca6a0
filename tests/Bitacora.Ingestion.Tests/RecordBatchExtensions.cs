using Bitacora.Records;

namespace Bitacora.Ingestion.Tests;

internal static class RecordBatchExtensions
{
    /// <summary>The records as objects.</summary>
    public static List<LogRecord> Records(this RecordBatch batch)
    {
        var records = new List<LogRecord>();
        foreach (var record in batch)
        {
            records.Add(record.ToLogRecord());
        }

        return records;
    }
}
