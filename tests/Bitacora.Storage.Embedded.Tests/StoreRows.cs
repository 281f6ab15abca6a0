using Bitacora.Records;
using Bitacora.Storage.Embedded.Querying;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Reads a store's files row by row, past everything that queries do.</summary>
internal static class StoreRows
{
    public static List<LogRecord> Records(this EmbeddedLogStore store)
    {
        var records = new List<LogRecord>();
        using var connection = store.Connect();
        foreach (var file in store.Snapshot().Files)
        {
            using var rows = connection.Query($"SELECT rowid, {ColumnSet.All.ToSql(-1)} FROM {file.File.Alias}.records");
            var encoder = new RowEncoder(TimeProvider.System);
            while (rows.Read())
            {
                for (var row = 0; row < rows.RowCount;)
                {
                    foreach (var record in encoder.Encode(rows, file.File.Origins.Hashes, ref row))
                    {
                        records.Add(record.ToLogRecord());
                    }
                }
            }
        }

        return records;
    }

    public static List<string?> Rows(this EmbeddedLogStore store) => [.. store.Records().Select(record => record.Message)];
}
