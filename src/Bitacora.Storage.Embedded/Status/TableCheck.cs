using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Status;

/// <summary>Reads every table beside the records to its end, of every file: a start needs the newest only, and a query none.</summary>
internal sealed class TableCheck(EngineDatabase engine, StoreView view)
{
    private static readonly string[] _tables =
        [FileSchema.Segments, FileSchema.Origins, FileSchema.OriginIntervals, FileSchema.AttributeNames];

    public void Run(CancellationToken cancellationToken)
    {
        using var connection = engine.Connect();
        foreach (var file in view.Files.Select(each => each.File))
        {
            foreach (var table in _tables)
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.TryRead(table, () => Read(connection, $"SELECT * FROM {file.Alias}.{table}"));
            }
        }
    }

    private static void Read(EngineConnection connection, string sql)
    {
        using var result = connection.Query(sql);
        while (result.Read())
        {
            // A damaged block shows when it comes.
        }
    }
}
